import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
const fast = { queueMs: 0, msPer10k: 0, lanes: 5, megabytesPerSecond: 0 };
beforeAll(async () => {
  org = await openOrgClient();
  await org.ended(await org.submit(accounts, "Source_Key__c,Name\nparent-1,A\nparent-2,B\n"));
});
afterEach(async () => {
  await org.admin("DELETE", "faults");
  await org.admin("POST", "settings", { model: "standard", lockContention: false });
  await org.admin("POST", "settings", { processing: fast, lockProbability: 1 });
});
afterAll(() => org.close());

const accounts = { object: "Account", operation: "insert" };
const contacts = { object: "Contact", operation: "insert" };
let made = 0;

function children(count: number, parent: (at: number) => string): string {
  made += 1;
  const rows = Array.from(
    { length: count },
    (_, at) => `contact-${made}-${at},Name,${parent(at)}\n`,
  );
  return `Source_Key__c,LastName,Account.Source_Key__c\n${rows.join("")}`;
}

function plainRows(count: number): string {
  made += 1;
  const rows = Array.from({ length: count }, (_, at) => `plain-${made}-${at},Name\n`);
  return `Source_Key__c,Name\n${rows.join("")}`;
}

const locked = async (id: string): Promise<string[]> =>
  (await org.results(id, "failedResults"))
    .slice(1)
    .map((row) => row[1] ?? "")
    .filter((error) => error.startsWith("UNABLE_TO_LOCK_ROW"));

test("rows of parallel batches that share a parent contend; rows of one parent in one chunk do not", async () => {
  await org.admin("POST", "settings", { lockContention: true });
  const apart = await org.submit(
    contacts,
    children(10_200, () => "parent-1"),
  );
  const together = await org.submit(
    contacts,
    children(200, () => "parent-2"),
  );
  expect(await org.ended(together)).toMatchObject({ numberRecordsFailed: 0 });
  const job = await org.ended(apart);
  expect(job.state).toBe("JobComplete");
  const errors = await locked(apart);
  expect(errors.length).toBe(job.numberRecordsFailed);
  expect(errors.length).toBeGreaterThanOrEqual(200);
  expect(errors[0]).toMatch(/access to this record or 1 records: 001\w{15}:--$/);
});

test("with a lock probability some of the contending rows get through", async () => {
  await org.admin("POST", "settings", { lockContention: true, lockProbability: 0.5 });
  const id = await org.submit(
    contacts,
    children(10_200, () => "parent-1"),
  );
  await org.ended(id);
  const failures = (await locked(id)).length;
  expect(failures).toBeGreaterThan(20);
  expect(failures).toBeLessThan(2_000);
});

test("a batch that loses too many locks fails the job by name", async () => {
  await org.admin("POST", "settings", {
    lockContention: true,
    processing: { mostLockFailures: 50 },
  });
  const id = await org.submit(
    contacts,
    children(10_200, () => "parent-1"),
  );
  const job = await org.ended(id);
  expect(job).toMatchObject({
    state: "Failed",
    errorMessage: expect.stringMatching(/^TooManyLockFailure : /),
  });
  const left = (await org.results(id, "unprocessedrecords")).length - 1;
  expect(left).toBe(10_200 - job.numberRecordsProcessed);
  expect(left).toBeGreaterThan(0);
  await org.admin("POST", "settings", { processing: { mostLockFailures: 2_000 } });
});

test("a batch whose time is up is retried with its remainder, and fails the job when that was too often", async () => {
  const slow = { kind: "slow_batch", on: "^Account", ms: 30, count: 5 };
  await org.admin("POST", "settings", { processing: { batchTimeoutMs: 20, batchRetries: 3 } });
  await org.admin("POST", "faults", { faults: [slow] });
  const enough = await org.submit(accounts, plainRows(700));
  expect(await org.ended(enough)).toMatchObject({ numberRecordsProcessed: 700, retries: 3 });
  await org.admin("DELETE", "faults");
  await org.admin("POST", "faults", { faults: [slow] });
  const tooMany = await org.submit(accounts, plainRows(1_000));
  expect(await org.ended(tooMany)).toMatchObject({
    state: "Failed",
    numberRecordsProcessed: 800,
    retries: 3,
    errorMessage: expect.stringContaining("Timeout"),
  });
  expect(await org.results(tooMany, "unprocessedrecords")).toHaveLength(201);
});

test("the published model is one setting: its times, five lanes, its bandwidth, and quotas enforced", async () => {
  const published = await org.admin("POST", "settings", { model: "published" });
  expect(published.json).toMatchObject({
    processing: { queueMs: 3_000, msPer10k: 15_000, lanes: 5, megabytesPerSecond: 12.5 },
    limits: { enforced: true },
  });
  const off = await org.admin("POST", "settings", { model: "off" });
  expect(off.json).toMatchObject({
    processing: { queueMs: 0, msPer10k: 0, megabytesPerSecond: 0 },
    limits: { enforced: false },
  });
  expect((await org.admin("POST", "settings", { model: "brisk" })).status).toBe(400);
});

test("batches take their time, as many at once as there are lanes, and uploads arrive at their speed", async () => {
  const processing = { queueMs: 50, msPer10k: 3_000, lanes: 1, megabytesPerSecond: 0.5 };
  await org.admin("POST", "settings", { processing });
  const wide = plainRows(1_000).replaceAll(/(plain-[\d-]+),Name/g, `$1,${"N".repeat(80)}`);
  const begun = performance.now();
  const first = await org.submit(accounts, wide);
  expect(performance.now() - begun).toBeGreaterThan((wide.length / 500_000) * 1_000 * 0.8);
  const second = await org.submit(accounts, plainRows(1_000));
  expect(await org.ended(first)).toMatchObject({ numberRecordsFailed: 0, state: "JobComplete" });
  await org.ended(second);
  // Two jobs of 300 ms each through one lane.
  expect(performance.now() - begun).toBeGreaterThan(600);
});
