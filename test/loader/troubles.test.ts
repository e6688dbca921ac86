import { afterEach, beforeEach, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { aJob, aNote, KeylessWorld } from "./keyless-world.ts";
import { LoaderWorld } from "./loader-world.ts";
import { exitOf } from "./killed.ts";
import type { RunningLoader, Said } from "./migration-world.ts";

let world: LoaderWorld;
let loader: RunningLoader | undefined;
const settled = () => expect.poll(() => world.passed(), { interval: 200 }).toBe(true);
const accounts = (of: string, count: number, name = of): Said[] =>
  Array.from({ length: count }, (_, n) => ({
    object: "Account",
    key: `customer-${of}${n}`,
    fields: { Name: `${name} ${n}` },
  }));
const jobs = (of: string, count: number, parents: number): Said[] =>
  Array.from({ length: count }, (_, n) => ({
    object: "Case",
    key: `job-${of}${n}`,
    fields: { Subject: `${of} ${n}`, AccountId: `customer-${of}${n % parents}` },
  }));
const faults = (...planned: readonly object[]) =>
  world.org.admin("POST", "faults", { seed: 7, faults: planned });
/** Whatever is held goes on. */
const released = () => world.org.admin("DELETE", "faults");
const kinds = async (of: string): Promise<readonly string[]> => {
  const ended = (await world.outcomes()).filter(({ key }) => key.includes(`-${of}`));
  return [...new Set(ended.map(({ outcome }) => outcome))].sort();
};

beforeEach(async () => {
  world = new LoaderWorld();
  await world.open();
});
afterEach(async () => {
  await loader?.stop().catch(() => undefined);
  loader = undefined;
  await world.close();
  await closeWatermarks();
});

test("of a failed job the unprocessed rows go again, the processed ones never", async () => {
  loader = await world.start();
  await faults({ kind: "fail_batch", on: "^Account", rows: 200, count: 1 });
  await world.say(...accounts("f", 600));
  await settled();
  expect((await world.org.rows("Account")).size).toBe(600);
  expect(await kinds("f")).toEqual(["created"]);
});

test("rows that lose their lock go again until they are in, and none is refused for it", async () => {
  loader = await world.start();
  await faults({ kind: "lock_rows", on: "^Case", percent: 10, sharing: true });
  await world.say(...accounts("l", 60), ...jobs("l", 900, 60));
  await settled();
  expect((await world.org.rows("Case")).size).toBe(900);
  expect(await kinds("l")).toEqual(["created"]);
  const counters = await world.org.admin<Record<string, number>>("GET", "counters");
  expect(counters["fault_lock_rows"]).toBeGreaterThan(0);
});

test("a job that is held costs neither partitions nor order: its rows' newer versions wait, other keys pass", async () => {
  loader = await world.start();
  await faults({
    kind: "hold_job",
    on: "^Account insert",
    ms: 600_000,
    state: "InProgress",
    count: 1,
  });
  await world.say(...accounts("h", 200, "old"));
  const held = () =>
    world.org.rest<{ records: { state: string }[] }>("GET", "jobs/ingest?jobType=V2Ingest");
  await expect
    .poll(async () => (await held()).records.map(({ state }) => state))
    .toEqual(["InProgress"]);
  await world.say(...accounts("h", 200, "new"), ...accounts("other", 5));
  await expect
    .poll(async () => [...(await world.org.rows("Account")).keys()])
    .toContain("customer-other4");
  expect((await held()).records.map(({ state }) => state)).toEqual(["InProgress"]);
  await released();
  await settled();
  const rows = await world.org.rows("Account");
  expect(rows.get("customer-h0")?.["Name"]).toBe("new 0");
  expect(await world.outcomesOf("Account", "customer-h0")).toEqual(["created", "updated"]);
});

test("a predecessor's held job of comments keeps its parents only: other parents' comments pass", async () => {
  await world.close();
  const keyless = new KeylessWorld();
  world = keyless;
  await world.open();
  await faults({
    kind: "hold_job",
    on: "^CaseComment",
    ms: 600_000,
    state: "InProgress",
    count: 1,
  });
  const notes = Array.from({ length: 80 }, (_, n) => aNote(`note-${n}`, "job-1", `held ${n}`));
  await world.say(aJob("job-1"), aJob("job-2"));
  const first = world.spawn("");
  await settled();
  await world.say(...notes);
  const states = async () => {
    const { records } = await world.org.rest<{ records: { state: string }[] }>(
      "GET",
      "jobs/ingest?jobType=V2Ingest",
    );
    return records.map(({ state }) => state);
  };
  await expect.poll(states).toEqual(["InProgress"]);
  first.kill("SIGKILL");
  expect(await exitOf(first)).toBe("SIGKILL");
  loader = await world.start();
  await world.say(aNote("note-same", "job-1", "waits"), aNote("note-other", "job-2", "passes"));
  await expect.poll(() => keyless.held("CaseComment")).toEqual(["job-2: passes"]);
  expect(await states()).toEqual(["InProgress"]);
  await released();
  await settled();
  expect(await keyless.held("CaseComment")).toHaveLength(82);
});

test("where the org is full rows are parked as storage_full, and go in when there is room", async () => {
  await world.org.admin("POST", "settings", { limits: { DataStorageMB: 0 } });
  loader = await world.start();
  await world.say(...accounts("s", 3));
  await expect
    .poll(async () => [...new Set((await world.parked()).values())])
    .toEqual(["storage_full"]);
  await settled();
  await world.org.admin("POST", "settings", { limits: { DataStorageMB: 10_240 } });
  await world.control.say("retry_parked", "loader", { request: "r1" }, "test");
  await expect.poll(async () => (await world.parked()).size).toBe(0);
  expect((await world.org.rows("Account")).size).toBe(3);
});

test("while the migration is paused nothing is sent, and what came meanwhile goes afterwards", async () => {
  await world.control.say("pause", "migration", { paused: true }, "test");
  loader = await world.start();
  await world.say(...accounts("p", 3), ...orphan("p"));
  // Parking needs no call: when it is done, the loader has had its rounds with the rest in hand.
  await parkedOrphan("p");
  expect(await rowsWritten()).toBe(0);
  await world.control.say("pause", "migration", { paused: false }, "test");
  await settled();
  expect((await world.org.rows("Account")).size).toBe(3);
});

test("calls stay below our share of what the org grants, its own use left out of it", async () => {
  await world.org.admin("POST", "settings", { limits: { DailyApiRequests: 400 } });
  const own = Array.from({ length: 80 }, () => world.org.rest("GET", "limits"));
  await Promise.all(own);
  loader = await world.start({ callShare: 0.5 });
  let through = 0;
  // A slow machine is no share that is reached: what goes at all goes within this time.
  while (await oneGetsThrough(`half-${through}-`, 10_000)) through += 1;
  expect(through).toBeGreaterThan(0);
  await loader.stop();
  const limited = await callsLeft();
  expect(limited).toBeGreaterThanOrEqual(200);
  // With the whole allowance the same changes go on: it is the share that stopped them.
  loader = await world.start({ callShare: 1 });
  for (let n = 0; n < 8; n += 1) expect(await oneGetsThrough(`whole-${n}-`, 120_000)).toBe(true);
  expect(await callsLeft()).toBeLessThanOrEqual(limited - 8);
});

/** Says one change; whether it gets through in time. */
async function oneGetsThrough(of: string, timeout: number): Promise<boolean> {
  const before = await rowsWritten();
  await world.say(...accounts(of, 1), ...orphan(of));
  await parkedOrphan(of);
  const written = async () => (await rowsWritten()) > before;
  return expect
    .poll(written, { timeout })
    .toBe(true)
    .then(
      () => true,
      () => false,
    );
}

async function callsLeft(): Promise<number> {
  const limits = await world.org.rest<Limits>("GET", "limits");
  return limits["DailyApiRequests"]?.Remaining ?? 0;
}

type Limits = Record<string, { readonly Remaining: number }>;

/** A row that is parked without a call. */
function orphan(of: string): Said[] {
  const key = `job-orphan-${of}`;
  return [{ object: "Case", key, fields: { Subject: of, AccountId: "customer-never" } }];
}

async function parkedOrphan(of: string): Promise<void> {
  const reason = async () => (await world.parked()).get(`Case|job-orphan-${of}`);
  await expect.poll(reason).toBe("parent_missing");
}

async function rowsWritten(): Promise<number> {
  const counters = await world.org.admin<Record<string, number>>("GET", "counters");
  return counters["collection_rows"] ?? 0;
}
