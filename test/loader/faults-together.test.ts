import type { ChildProcess } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { aJob, aNote, KeylessWorld } from "./keyless-world.ts";
import { exitOf } from "./killed.ts";
import type { Said } from "./migration-world.ts";

const upload = "^PUT .*/batches";
/** What may go wrong with bulk jobs and small calls, each as often as it is bearable. */
const faults: readonly object[] = [
  { kind: "status", status: 503, on: upload, share: 0.2 },
  { kind: "expire_in_upload", on: upload, nth: 2, bytes: 10_000 },
  { kind: "hold_job", on: "insert", ms: 15_000, state: "InProgress", count: 2 },
  { kind: "fail_batch", on: "insert", rows: 400, count: 3 },
  { kind: "lock_rows", on: "insert", percent: 10, sharing: true },
  { kind: "shuffle_results", seed: 3 },
  { kind: "drop_after", on: "^POST .*/composite", share: 0.3 },
];

let world: KeylessWorld;
let children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await world.close();
  await closeWatermarks();
});

/** So many records: customers, jobs, and twice as many notes, of which many are equal and some are several comments. */
function records(count: number): Said[] {
  const jobs = Math.floor(count * 0.3);
  const said: Said[] = [];
  for (let n = 0; n < count / 10; n += 1) {
    said.push({ object: "Account", key: `customer-${n}`, fields: { Name: `customer ${n}` } });
  }
  for (let n = 0; n < jobs; n += 1) said.push(aJob(`job-${n}`));
  for (let n = 0; said.length < count; n += 1) {
    const parts =
      n % 10 === 0 ? ["same", `second of ${n}`] : n % 3 === 0 ? ["same"] : [`note ${n}`];
    said.push(aNote(`note-${n}`, `job-${n % jobs}`, ...parts));
  }
  return said;
}

/** Loads the records under the faults, killing the loader as many times while it is at work. */
async function load(said: readonly Said[], kills: number) {
  world = new KeylessWorld();
  await world.open();
  await world.org.admin("POST", "faults", { seed: 11, faults });
  for (let at = 0; at < said.length; at += 4000) await world.say(...said.slice(at, at + 4000));
  const settings = { bulkThreshold: 500, lanes: 4, maxAttempts: 50 };
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = started({ settings });
    const share = (kill / (kills + 1)) * said.length;
    const written = async () => rowsIn(await world.org.admin("GET", "counters"));
    await expect.poll(written, { interval: 100 }).toBeGreaterThan(share / 2);
    child.kill("SIGKILL");
    expect(await exitOf(child)).toBe("SIGKILL");
  }
  const last = started({ settings });
  await expect.poll(() => world.passed(), { timeout: 300_000, interval: 500 }).toBe(true);
  const waiting = async () => Map.groupBy((await world.parked()).values(), (reason) => reason);
  await expect.poll(waiting, { interval: 500 }).toEqual(new Map());
  last.kill("SIGTERM");
  expect(await exitOf(last)).toBe(0);
}

function started(options: Parameters<KeylessWorld["spawn"]>[1]): ChildProcess {
  const child = world.spawn("", options);
  children.push(child);
  return child;
}

function rowsIn(counters: Readonly<Record<string, number>>): number {
  return (counters["bulk_rows"] ?? 0) + (counters["collection_rows"] ?? 0);
}

/** Everything said stands there once, each version has one outcome, and no job is left open. */
async function everythingAddsUp(said: readonly Said[]): Promise<void> {
  for (const object of ["Account", "Case"]) {
    const keys = said.flatMap((each) => (each.object === object ? [each.key] : []));
    const rows = await world.org.query(`SELECT Source_Key__c FROM ${object}`);
    expect(rows.map((row) => row["Source_Key__c"]).sort(), object).toEqual(keys.sort());
  }
  const comments = said.flatMap(({ fields, rows = [] }) =>
    rows.map((row) => `${fields?.["ParentId"]}: ${row["CommentBody"]}`),
  );
  expect(await world.held("CaseComment")).toEqual(comments.sort());
  const outcomes = await world.outcomes();
  expect(new Set(outcomes.map(({ object, key }) => `${object}|${key}`)).size).toBe(said.length);
  expect(outcomes).toHaveLength(said.length);
  expect([...new Set(outcomes.map(({ outcome }) => outcome))]).toEqual(["created"]);
  const { records: jobs } = await world.org.rest<{ records: { state: string }[] }>(
    "GET",
    "jobs/ingest?jobType=V2Ingest",
  );
  const open = jobs.filter(({ state }) => !["JobComplete", "Failed", "Aborted"].includes(state));
  expect(open).toEqual([]);
}

test("20,000 records, most of them comments of which many are equal, under faults and three kills: nothing is lost, nothing doubled, no job left open", async () => {
  const said = records(20_000);
  await load(said, 3);
  await everythingAddsUp(said);
}, 900_000);
