import { afterAll, beforeAll, expect, test } from "vitest";
import { rehearsed, type Rehearsed, tooLarge } from "./rehearsed.ts";

let run: Rehearsed;

beforeAll(async () => {
  run = await rehearsed({ size: 60, rate: 10, seconds: 10, limits: true });
}, 240_000);

afterAll(() => run?.close());

test("a migration that goes on through live dispatching ends with every record accounted for", () => {
  const { reconciliation, doubles, unreadable, missing, extra, differences } = run.report;
  expect({ missing, extra, differences, doubles, unreadable }).toEqual({
    missing: [],
    extra: [],
    differences: [],
    doubles: [],
    unreadable: 0,
  });
  expect(run.accounted).toBe(true);
  for (const row of reconciliation) expect(row.destination).toBe(row.equal);
  expect(run.report.figures.changes).toBeGreaterThan(50);
});

test("what was changed behind its back is named by record and field, and repaired", () => {
  const { planted, unnamed, repaired } = run.report.drift;
  expect(planted.map(({ object, field }) => ({ object, field }))).toEqual([
    { object: "Case", field: "Subject" },
    { object: "Work_Order_Line_Item__c", field: null },
  ]);
  expect(unnamed).toEqual([]);
  expect(repaired).toEqual(
    expect.arrayContaining(planted.map(({ object, key }) => `${object} ${key}`)),
  );
});

test("the source's truth, mapped by another road, is what SOQL returns", async () => {
  const { differences, rows } = await run.compare();
  expect(differences).toEqual([]);
  expect(rows["Account"]).toBeGreaterThan(50);
  expect(rows["Work_Order_Line_Item__c"]).toBeGreaterThan(400);
});

test("what has no row at the destination is exactly what the source's truth explains", async () => {
  const { absent } = await run.compare();
  const waiting = await run.ledger.query<{ key: string }>(
    "SELECT key FROM record_state WHERE state IN ('parked', 'rejected', 'refused')",
  );
  // A record of several rows is told row by row, as `<key>/<n>`.
  const keys = new Set(waiting.map(({ key }) => key.replace(/\/\d+$/, "")));
  // A note its job left behind waits where nobody ever saw the job, and went with it where somebody did.
  const { orphan } = await run.surroundings.qdispatch.call<{
    orphan: { by: { note: { ids: readonly string[] } } };
  }>("GET", "planted");
  const leftBehind = new Set(orphan.by.note.ids.map((id) => `note-${id}`));
  const others = (all: Iterable<string>) => [...all].filter((key) => !leftBehind.has(key)).sort();
  expect(leftBehind.size).toBeGreaterThan(0);
  expect(others(keys)).toEqual(others(absent.keys()));
});

test("no Node process grows beyond its memory", () => {
  expect(Object.keys(run.report.figures.peakRss).length).toBeGreaterThanOrEqual(7);
  expect(tooLarge(run)).toEqual([]);
});

test("the other road sees two fields changed by hand: it would see a fault of ours", async () => {
  const { destination } = run.surroundings;
  const contact = { object: "Contact", key: "contact-1001" };
  const account = { object: "Account", key: "customer-1002" };
  await destination.call("POST", "tamper", { ...contact, set: { LastName: "Somebody" } });
  await destination.call("POST", "tamper", { ...account, set: { Balance__c: 1.01 } });
  const { differences } = await run.compare();
  expect(differences.map((line) => line.replace(/: expected.*/, "")).sort()).toEqual([
    "Account customer-1002 Balance__c",
    "Contact contact-1001 LastName",
  ]);
});
