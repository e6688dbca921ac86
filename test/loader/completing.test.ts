import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ControlValues } from "../../pipeline/core/control.ts";
import type { Identity, Reference } from "../../pipeline/core/generated/records.ts";
import { Completing } from "../../sinks/loader/completing.ts";
import { LoaderStore } from "../../sinks/loader/loader-store.ts";
import { rowId } from "../../sinks/loader/taken.ts";

const folder = mkdtempSync(join(tmpdir(), "cutover-completing-"));
const store = new LoaderStore(folder, { claimed: new Set(), ruleNames: () => [] });
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const parent = (key: string): Reference => ({ field: "ParentId", object: "Case", key });

/** What is known of a job's row once a version has ended; without an id it is not there. */
function job(key: string, there: boolean, cleared: readonly Reference[] = []): Identity {
  return {
    object: "Case",
    key,
    source_id: key,
    destination_id: there ? `5005g00000${key}` : null,
    more_ids: [],
    version: { run: 1, topic: "m.source.job", partition: 0, offset: 1 },
    ended: "created",
    hash: "h",
    references: [],
    cleared,
    origin: "created",
    preimage: false,
    deleted: !there,
    incomplete: false,
    rolled_back: false,
    at: 1,
  };
}

/** Ids ordered when these end one after another, each in a transaction of its own. */
function orderedBy(...ends: readonly Identity[]): readonly (readonly string[])[] {
  return ends.map((now) => {
    const completing = new Completing(store);
    const before = store.identity.get(rowId(now.object, now.key));
    store.begin();
    store.putIdentity(now);
    store.commit();
    completing.put(now, before);
    return completing
      .orders()
      .flatMap(({ value }) => (JSON.parse(value) as ControlValues["order"]).ids);
  });
}

test("a row that ends without its target is said again when the target comes back, and once only", () => {
  const child = job("job-2", true, [parent("job-1")]);
  const ends = orderedBy(job("job-1", false), child, job("job-1", true), job("job-1", true));
  expect(ends).toEqual([[], [], ["job-2"], []]);
});

test("a row that was under way without its target while that came back is said again as it ends", () => {
  const child = job("job-4", true, [parent("job-3")]);
  const ends = orderedBy(job("job-3", false), job("job-3", true), child, job("job-4", true));
  expect(ends).toEqual([[], [], ["job-4"], []]);
});

test("a row that is gone itself is not said again", () => {
  const child = job("job-6", false, [parent("job-5")]);
  const ends = orderedBy(job("job-5", false), child, job("job-5", true));
  expect(ends).toEqual([[], [], []]);
});
