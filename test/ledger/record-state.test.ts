import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { openDatabase } from "../../sinks/clickhouse/open-database.ts";
import { viewNames } from "../../sinks/clickhouse/views.ts";
import { Scribe } from "./scribe.ts";

const fields = {
  ...{ Subject: "Boiler", Total__c: "12.50", OwnerId: "technician-1", AccountId: "customer-1" },
  ...{ CreatedDate: 1_700_000_000_000, ContactId: null },
};
const found = {
  ...{ Subject: "Boiler", Total__c: "12.50", OwnerId: "005000000000001AAA", ContactId: null },
  ...{ CreatedDate: "2023-11-14T22:13:20.000Z", AccountId: "customer-1" },
};

let scribe: Scribe;
let ledger: Awaited<ReturnType<Scribe["ledger"]>>;

beforeAll(async () => {
  scribe = await new Scribe().open();
  ledger = await scribe.ledger();
});
afterAll(async () => {
  await ledger.stop();
  await scribe.close();
  await closeWatermarks();
});

/** State and reason of a Case now. */
async function state(id: string): Promise<string> {
  await scribe.level(ledger.client);
  const rows = await ledger.client.query<{ state: string; reason: string }>(
    `SELECT state, reason FROM record_state WHERE object = 'Case' AND key = 'job-${id}'`,
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows.map((row) => `${row.state} ${row.reason}`.trim()).join() || "unknown";
}

test("a record is in flight at every step of its way, and equal once it was read behind its outcome", async () => {
  const version = await scribe.source("job", "1", { members: "whole" });
  expect(await state("1")).toBe("in_flight not_mapped");
  await scribe.load("Case", "1", version, fields);
  expect(await state("1")).toBe("in_flight waiting");
  await scribe.request("Case", "job-1", version, "intended");
  expect(await state("1")).toBe("in_flight sent");
  await scribe.outcome("Case", "job-1", version, "created");
  expect(await state("1")).toBe("in_flight not_read");
  await scribe.observed("Case", "job-1", found);
  expect(await state("1")).toBe("equal");
});

test("a read sent before the outcome was written never calls a record differing", async () => {
  const version = await scribe.createdCase("2", fields);
  await scribe.observed("Case", "job-2", found);
  expect(await state("2")).toBe("equal");
  const vectors = await scribe.vectors("Case");
  const next = await scribe.source("job", "2", { members: "whole" });
  await scribe.load("Case", "2", next, { ...fields, Subject: "Pump" });
  await scribe.request("Case", "job-2", next, "intended");
  // Taken while the request was open: it shows the old row, or the new one.
  await scribe.observed("Case", "job-2", found, { ...vectors, lane: "ask" });
  expect(await state("2")).toBe("in_flight sent");
  await scribe.outcome("Case", "job-2", next, "updated");
  expect(await state("2")).toBe("in_flight not_read");
  await scribe.observed("Case", "job-2", { ...found, Subject: "Pump" });
  expect(await state("2")).toBe("equal");
  expect(next.offset).toBeGreaterThan(version.offset);
});

test("a read ahead of what the ledger has consumed is not judged", async () => {
  await scribe.createdCase("3", fields);
  const vectors = await scribe.vectors("Case");
  const ahead = { ...vectors, request_after: [(vectors.request_after[0] ?? 0) + 1000] };
  await scribe.observed("Case", "job-3", { ...found, Subject: "Other" }, { ...ahead, lane: "ask" });
  expect(await state("3")).toBe("in_flight not_read");
});

test("one flipped field is a deviation to ask about, and then exactly that difference", async () => {
  await scribe.createdCase("4", fields);
  await scribe.observed("Case", "job-4", { ...found, Total__c: "12.51" });
  expect(await state("4")).toBe("in_flight recheck");
  expect(await ledger.client.suspicious()).toEqual([
    { object: "Case", key: "job-4", id: "id-job-4" },
  ]);
  expect(await ledger.client.differences()).toEqual([]);
  await scribe.observed("Case", "job-4", { ...found, Total__c: "12.51" }, { lane: "ask" });
  expect(await state("4")).toBe("differs");
  expect(await ledger.client.differences()).toMatchObject([
    { object: "Case", key: "job-4", field: "Total__c", expected: "12.50", found: "12.51" },
  ]);
  await scribe.observed("Case", "job-4", { ...found, Total__c: "12.51" });
  expect(await state("4"), "read again with the same value").toBe("differs");
  await scribe.observed("Case", "job-4", { ...found, Total__c: "12.52" });
  expect(await state("4"), "another value has not been asked about").toBe("in_flight recheck");
  await scribe.observed("Case", "job-4", found, { lane: "ask" });
  expect(await state("4")).toBe("equal");
});

test("owners and creation stamps are compared, a stamp only as it was when the row was created", async () => {
  await scribe.createdCase("5", fields);
  const other = {
    ...found,
    OwnerId: "005000000000002AAA",
    CreatedDate: "2024-01-01T00:00:00.000Z",
  };
  await scribe.observed("Case", "job-5", other, { lane: "ask" });
  await scribe.level(ledger.client);
  const differing = (await ledger.client.differences()).filter(({ key }) => key === "job-5");
  expect(differing.map(({ field, expected }) => [field, expected])).toEqual([
    ["CreatedDate", "2023-11-14T22:13:20.000Z"],
    ["OwnerId", "005000000000001AAA"],
  ]);
  const next = await scribe.source("job", "5", { members: "whole" });
  await scribe.load("Case", "5", next, { ...fields, CreatedDate: null, OwnerId: "technician-7" });
  await scribe.outcome("Case", "job-5", next, "updated");
  await scribe.observed("Case", "job-5", { ...other, OwnerId: "005000000000009AAA" });
  expect(await state("5")).toBe("equal");
});

test("parked, rejected and refused records say why, and a rejection is over when a newer version loads", async () => {
  const waits = await scribe.source("job", "6");
  await scribe.load("Case", "6", waits, fields);
  await scribe.parked("Case", "job-6", waits, "parent_missing");
  expect(await state("6")).toBe("parked parent_missing");
  await scribe.unparked("Case", "job-6");
  expect(await state("6")).toBe("in_flight waiting");
  const version = await scribe.createdCase("7", fields);
  const bad = await scribe.source("job", "7");
  await scribe.rejected("job", "7", bad, "VALUE_NOT_IN_TABLE");
  await scribe.observed("Case", "job-7", found, { lane: "ask" });
  expect(await state("7")).toBe("rejected VALUE_NOT_IN_TABLE");
  const mended = await scribe.source("job", "7");
  await scribe.load("Case", "7", mended, fields);
  await scribe.outcome("Case", "job-7", mended, "unchanged");
  expect(await state("7")).toBe("equal");
  expect(mended.offset).toBeGreaterThan(version.offset);
  const refused = await scribe.source("job", "8");
  await scribe.load("Case", "8", refused, fields);
  await scribe.outcome("Case", "job-8", refused, "refused", "STRING_TOO_LONG");
  expect(await state("8")).toBe("refused STRING_TOO_LONG");
});

test("a record is missing only after a whole sweep behind its outcome, and a question in vain", async () => {
  await scribe.sweep("Case", "early", []);
  await scribe.createdCase("9", fields);
  expect(await state("9")).toBe("in_flight not_read");
  await scribe.observed("Case", "job-9", found);
  expect(await state("9")).toBe("equal");
  await scribe.observed("Case", "job-9", found, { deleted: true });
  expect(await state("9")).toBe("in_flight not_read");
  await scribe.sweep("Case", "late", []);
  expect(await state("9")).toBe("in_flight recheck");
  await scribe.observed("Case", "job-9", found, { deleted: true });
  expect(await state("9"), "seen deleted after the sweep began").toBe("in_flight recheck");
  await scribe.absent("Case", "job-9");
  expect(await state("9")).toBe("missing");
  await scribe.observed("Case", "job-9", found, { deleted: true });
  expect(await state("9"), "seen deleted once more").toBe("missing");
  await scribe.observed("Case", "job-9", found, { lane: "ask" });
  expect(await state("9")).toBe("equal");
});

test("a deleted record is equal once its row was seen gone, and extra while the row lives on", async () => {
  await scribe.createdCase("10", fields);
  await scribe.observed("Case", "job-10", found);
  const gone = await scribe.source("job", "10", { deleted: true, delete_reason: "feed" });
  await scribe.load("Case", "10", gone, null);
  await scribe.outcome("Case", "job-10", gone, "deleted");
  expect(await state("10")).toBe("in_flight not_read");
  await scribe.observed("Case", "job-10", found);
  expect(await state("10")).toBe("in_flight recheck");
  await scribe.observed("Case", "job-10", found, { lane: "ask" });
  expect(await state("10")).toBe("extra deleted_at_source");
  await scribe.observed("Case", "job-10", found, { deleted: true });
  expect(await state("10")).toBe("equal");
});

test("a row whose key nobody knows is extra once asked for, two rows of one key are extra too", async () => {
  await scribe.observed("Case", "job-11", found);
  expect(await state("11")).toBe("in_flight recheck");
  await scribe.observed("Case", "job-11", found, { lane: "ask" });
  expect(await state("11")).toBe("extra unknown_key");
  await scribe.createdCase("12", fields);
  await scribe.observed("Case", "job-12", found);
  await scribe.observed("Case", "job-12", found, { destination_id: "twin" });
  expect(await state("12")).toBe("extra duplicate");
});

test("a row named by a request whose load record the ledger has not read is not extra", async () => {
  const version = await scribe.source("job", "13");
  await scribe.request("Case", "job-13", { ...version, offset: version.offset + 1 }, "intended");
  await scribe.observed("Case", "job-13", found, { lane: "ask" });
  expect(await state("13")).toMatch(/^in_flight/);
});

test("a version that ended twice is a double, and the record's whole way can be explained", async () => {
  const version = await scribe.createdCase("14", fields);
  await scribe.observed("Case", "job-14", found);
  await scribe.level(ledger.client);
  expect((await ledger.client.report()).doubles).toEqual([]);
  await scribe.outcome("Case", "job-14", version, "created");
  await scribe.level(ledger.client);
  expect((await ledger.client.report()).doubles).toMatchObject([
    { object: "Case", key: "job-14", source_offset: version.offset, outcomes: 2 },
  ]);
  const way = await ledger.client.explain("Case", "job-14");
  expect(way.map(({ stage }) => stage)).toEqual(
    expect.arrayContaining(["source", "transform", "load", "outcome", "read back", "now"]),
  );
  expect(way.at(-1)).toMatchObject({ stage: "now" });
});

test("the reconciliation counts every record once, and the sums agree where all is equal", async () => {
  await scribe.level(ledger.client);
  const counts = await ledger.client.query<{ state: string; n: number }>(
    "SELECT state, count() AS n FROM record_state WHERE object = 'Case' AND at_source GROUP BY state",
  );
  const line = (await ledger.client.reconciliation()).find(({ object }) => object === "Case");
  expect(counts.reduce((sum, { n }) => sum + n, 0)).toBe(line?.source);
  const of = (state: string) => counts.find((each) => each.state === state)?.n ?? 0;
  expect(line).toMatchObject({
    equal: of("equal"),
    refused_records: of("refused"),
    rejected: {},
    parked: {},
    missing: 0,
    differing: 0,
  });
  const [sum] = await ledger.client.query<{ expected: number; found: number }>(
    "SELECT expected, found FROM field_sum WHERE object = 'Case' AND field = 'Total__c'",
  );
  expect(sum?.expected).toBeGreaterThan(0);
});

test("reading every topic from the beginning again, over the same tables or new ones, changes no view", async () => {
  await scribe.level(ledger.client);
  const before = await everyView();
  await ledger.stop();
  const database = await openDatabase({ path: scribe.folder });
  await database.command("TRUNCATE TABLE position");
  await database.close();
  for (const folder of [scribe.folder, mkdtempSync(join(tmpdir(), "cutover-ledger-"))]) {
    ledger = await scribe.ledger(folder);
    await scribe.level(ledger.client);
    expect(await everyView()).toEqual(before);
    if (folder === scribe.folder) await ledger.stop();
  }
});

async function everyView(): Promise<Record<string, unknown>> {
  const views: Record<string, unknown> = {};
  for (const view of viewNames) {
    const rows = await ledger.client.query<Record<string, unknown>>(`SELECT * FROM ${view}`);
    const timeless = rows.map(({ age_seconds: _age, oldest_seconds: _oldest, ...row }) => row);
    views[view] = timeless.map((row) => JSON.stringify(row)).sort();
  }
  return views;
}
