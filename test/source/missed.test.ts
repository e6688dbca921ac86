import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Finish } from "../../pipeline/source/finish.ts";
import type { Polled } from "../../pipeline/source/lane.ts";
import { SourceClock } from "../../pipeline/source/source-clock.ts";
import { SourceStore, type Stored } from "../../pipeline/source/source-store.ts";

let folder: string;
let store: SourceStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cutover-missed-"));
  store = new SourceStore(folder);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(readAt: number, hash: string): void {
  const body = Buffer.from(hash);
  const rest = { own: "own", state: "alive", pending: false, names: "", counted: "" } as const;
  const now: Stored = { hash, readAt, body, ...rest };
  store.put("job", "1", now, store.get("job", "1"));
}

/** An empty census that began then, or one that lists those; two of them are asked for. */
function missedAt(begunAt: number, ...listed: readonly string[]) {
  store.census.begin("job");
  store.census.add("job", listed);
  return store.census.miss("job", begunAt, 2);
}

test("a record written again between two censuses because something it embeds has changed stays missed", () => {
  write(10, "with its line");
  expect(missedAt(20)).toEqual({ gone: [], suspected: 1 });
  write(10, "without its line");
  expect(missedAt(30)).toEqual({ gone: ["1"], suspected: 0 });
});

test("a record read again between two censuses is missed no more", () => {
  write(10, "one");
  expect(missedAt(20)).toEqual({ gone: [], suspected: 1 });
  write(25, "two");
  expect(missedAt(30)).toEqual({ gone: [], suspected: 1 });
  store.seen("job", "1", 35);
  expect(missedAt(40)).toEqual({ gone: [], suspected: 1 });
  expect(missedAt(50)).toEqual({ gone: ["1"], suspected: 0 });
});

test("a record that the next census lists is missed no more, and leaves no doubt", () => {
  write(10, "one");
  expect(missedAt(20)).toEqual({ gone: [], suspected: 1 });
  expect(missedAt(30, "1")).toEqual({ gone: [], suspected: 0 });
  expect(missedAt(40)).toEqual({ gone: [], suspected: 1 });
  expect(missedAt(50)).toEqual({ gone: ["1"], suspected: 0 });
});

test("a finish asks for one census more while the last one has left a doubt", () => {
  const clock = new SourceClock();
  clock.heard({ serverTime: 5000 });
  const finish = new Finish(clock);
  finish.at = 1000;
  const profile = {
    incremental: { lookback_window: 100 },
    deletes: { census: { confirm: 2 } },
  };
  const polled = { name: "jobs", stream: { profile } } as unknown as Polled;
  const { censuses } = finish.proof("jobs");
  const wantedAfter = (begun: number, open: boolean): boolean => {
    censuses.push({ begun, open });
    return finish.wantsCensus(polled);
  };
  expect(wantedAfter(1050, false)).toBe(true);
  expect(wantedAfter(1200, false)).toBe(true);
  expect(wantedAfter(1300, true)).toBe(true);
  expect(wantedAfter(1400, false)).toBe(false);
});
