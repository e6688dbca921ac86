import { afterAll, beforeAll, expect, test } from "vitest";
import type { Comparison } from "../independent/comparison.ts";
import { realitiesAreFound } from "./realities-are-found.ts";
import { expectAbsentExplained, expectDriftRepaired, expectReconciled } from "./reconciled.ts";
import { rehearsed, type Rehearsed, tooLarge } from "./rehearsed.ts";

let run: Rehearsed;
let comparison: Comparison;

beforeAll(async () => {
  run = await rehearsed({ size: 250, rate: 10, seconds: 10, limits: true });
  comparison = await run.compare();
}, 400_000);

afterAll(() => run?.close());

test("a migration that goes on through live dispatching ends with every record accounted for", () => {
  expectReconciled(run, 50);
});

test("what was changed behind its back is named by record and field, and repaired", () => {
  expectDriftRepaired(run, [
    { object: "Case", field: "Subject" },
    { object: "Work_Order_Line_Item__c", field: null },
  ]);
});

test("the source's truth, mapped by another road, is what SOQL returns", () => {
  const { differences, rows } = comparison;
  expect(differences).toEqual([]);
  expect(rows["Account"]).toBeGreaterThan(200);
  expect(rows["Work_Order_Line_Item__c"]).toBeGreaterThan(1500);
});

test("what has no row at the destination is exactly what the source's truth explains", async () => {
  const leftBehind = await expectAbsentExplained(run, comparison);
  expect(leftBehind.size).toBeGreaterThan(0);
});

realitiesAreFound(() => run);

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
