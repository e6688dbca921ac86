import { afterAll, beforeAll, expect, test } from "vitest";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { change, rehearsed, type Rehearsed, seen, setInMigration } from "./rehearsed.ts";

const upload = { method: "PUT", path: "/jobs/ingest/[^/]+/batches" };
const validation = "FIELD_CUSTOM_VALIDATION_EXCEPTION";

/** Everything that is to go wrong during the first load. */
const loadFaults = [
  {
    id: "upload_answered_503",
    match: { ...upload, nth: 1 },
    action: { kind: "status", status: 503, body: "Service Unavailable" },
  },
  {
    id: "session_lost_in_upload",
    match: { ...upload, nth: 3 },
    action: { kind: "expire_session" },
  },
  {
    id: "close_reply_dropped",
    match: { method: "PATCH", path: "/jobs/ingest/[^/]+$", nth: 2 },
    action: { kind: "drop_after" },
  },
  {
    id: "rows_refused",
    match: { path: "^Work_Order_Line_Item__c insert", nth: 1 },
    action: { kind: "refuse_rows", rows: 3 },
  },
];

/** The first two small writes of the delta are done, and nobody hears of it. */
const deltaFaults = [
  {
    id: "write_reply_dropped",
    match: { method: "POST", path: "/composite", until: 2 },
    action: { kind: "drop_after" },
  },
];

/** Bulk jobs from 40 rows on, so that a small tenant meets every road. */
async function prepared(surroundings: Surroundings): Promise<void> {
  setInMigration(surroundings, ["loader"], { bulk_threshold: 40, flush_ms: 300 });
  await surroundings.destination.call("POST", "faults", { rules: loadFaults });
}

async function live({ surroundings, ledger }: Parameters<NonNullable<Hooks["live"]>>[0]) {
  await surroundings.destination.call("POST", "faults", { rules: deltaFaults });
  const jobs = await ledger.query<{ source_id: string }>(
    "SELECT source_id FROM outcome FINAL WHERE object = 'Case' AND outcome = 'created' LIMIT 20",
  );
  for (const { source_id: id } of jobs) {
    await change(surroundings, "job", id, { set: { title: "Changed in a storm" } });
    await change(surroundings, "job", id, { add_line: { kind: "part", quantity: "1" } });
  }
  await seen(
    ledger,
    "SELECT 1 FROM outcome FINAL WHERE object = 'Case' AND outcome = 'updated' HAVING count() >= 20",
  );
}

let run: Rehearsed;

beforeAll(async () => {
  run = await rehearsed({ size: 60 }, { prepared, live });
}, 240_000);

afterAll(() => run?.close());

test("every fault struck", async () => {
  const { rules } = await run.surroundings.destination.call<{
    rules: { id: string; hits: number }[];
  }>("GET", "faults");
  const silent = rules.filter(({ hits }) => hits === 0).map(({ id }) => id);
  expect({ planted: rules.length, silent }).toEqual({ planted: 5, silent: [] });
});

test("exactly the three rows the destination refused are refused, with its own words", async () => {
  const refused = await run.ledger.query<{ object: string; code: string; message: string }>(
    "SELECT object, code, message FROM outcome FINAL WHERE outcome = 'refused'",
  );
  expect(refused.map(({ object, code }) => `${object} ${code}`)).toEqual(
    Array.from({ length: 3 }, () => `Work_Order_Line_Item__c ${validation}`),
  );
  expect(refused[0]?.message).toContain("validation rule of this org");
});

test("nothing else is lost", async () => {
  const refused = await run.ledger.query<{ key: string }>(
    "SELECT key FROM outcome FINAL WHERE outcome = 'refused' ORDER BY key",
  );
  const { differences } = await run.compare();
  expect([...differences].sort()).toEqual(
    refused.map(({ key }) => `Work_Order_Line_Item__c ${key}: missing`),
  );
  expect(run.accounted).toBe(true);
});

test("nothing is doubled", () => {
  expect(run.report.doubles).toEqual([]);
});
