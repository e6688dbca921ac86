import { afterAll, beforeAll, expect, test } from "vitest";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import { type FoundRow, openOrg } from "../independent/salesforce-rows.ts";
import { change, rehearsed, type Rehearsed, seen } from "./rehearsed.ts";
import { contactLine, customerLine, jobLine, lineOf, truthFile } from "./truth-lines.ts";

const truth = truthFile([
  { entity: "user", id: "1", name: "Dora Desk", email: "dora@dispatch.example" },
  ...["1", "2", "3", "4"].map((id) => customerLine(id)),
  contactLine("1", "1"),
  contactLine("3", "3", { title: "Owner" }),
  jobLine("1", "1", { line_items: [lineOf("11"), lineOf("12"), lineOf("13")] }),
  jobLine("2", "1", { line_items: [lineOf("21"), lineOf("22")] }),
  jobLine("3", "1", { line_items: [lineOf("31"), lineOf("32")] }),
  jobLine("4", "1", { line_items: [lineOf("41")] }),
  jobLine("5", "3", { contact_id: "3", owner_id: "1" }),
  jobLine("6", "2"),
  jobLine("7", "2", { customer_po: "PO-7" }),
  jobLine("8", "4", { contact_id: "1" }),
]);

type Live = Parameters<NonNullable<Hooks["live"]>>[0];

const ended = (object: string, key: string, outcome: string): string =>
  `SELECT 1 FROM outcome WHERE object = '${object}' AND key = '${key}' AND outcome = '${outcome}' LIMIT 1`;

async function dayAtTheDesk({ surroundings, ledger }: Live): Promise<void> {
  await change(surroundings, "job", "1", { remove_line: "12" });
  await change(surroundings, "job", "2", { delete: true });
  await change(surroundings, "job", "3", { hard_delete: true });
  await change(surroundings, "job", "4", { delete: true });
  await change(surroundings, "customer", "3", { merge_into: "2" });
  await change(surroundings, "contact", "1", { set: { customer_id: "4" } });
  await change(surroundings, "job", "6", { set: { urgency: "high" } });
  await change(surroundings, "job", "7", { set: { description: null, customer_po: null } });
  await surroundings.qdispatch.call("POST", "create", {
    entity: "job",
    row: { ...jobLine("9", "9", { line_items: [lineOf("91")] }), entity: undefined },
  });
  await seen(ledger, "SELECT 1 FROM parked_newest WHERE object = 'Case' AND key = 'job-9'");
  await surroundings.qdispatch.call("POST", "create", {
    entity: "customer",
    row: { ...customerLine("9"), entity: undefined },
  });
  await seen(ledger, ended("Case", "job-4", "deleted"));
  await change(surroundings, "job", "4", { revive: true });
  await seen(ledger, ended("Case", "job-6", "updated"));
  await change(surroundings, "job", "6", { set: { urgency: "normal" } });
}

let run: Rehearsed;
let cases: ReadonlyMap<string, FoundRow>;
let lines: readonly unknown[];

beforeAll(async () => {
  run = await rehearsed({ truth }, { live: dayAtTheDesk });
  const org = await openOrg(run.surroundings.destination);
  const rows = await org.query(
    "SELECT Source_Key__c, Priority, Description, Customer_PO__c, Account.Source_Key__c, Contact.Source_Key__c FROM Case",
  );
  cases = new Map(rows.map((row) => [String(row["Source_Key__c"]), row]));
  lines = (await org.query("SELECT Source_Key__c FROM Work_Order_Line_Item__c"))
    .map((row) => row["Source_Key__c"])
    .sort();
}, 240_000);

afterAll(() => run?.close());

test("every record ends as at the source", async () => {
  const { differences, absent } = await run.compare();
  expect({ differences, absent: [...absent] }).toEqual({ differences: [], absent: [] });
  expect(run.accounted).toBe(true);
});

test("a line a job loses disappears, and its neighbours stay", () => {
  expect(lines).toContain("line_item-11");
  expect(lines).not.toContain("line_item-12");
  expect(lines).toContain("line_item-13");
});

test("a deleted job takes its lines with it, with or without a trace at the source", () => {
  for (const key of ["job-2", "job-3"]) expect(cases.has(key), key).toBe(false);
  for (const id of ["21", "22", "31", "32"]) expect(lines).not.toContain(`line_item-${id}`);
});

test("a deleted job that is revived comes back with its lines", async () => {
  expect(cases.has("job-4")).toBe(true);
  expect(lines).toContain("line_item-41");
  const outcomes = await outcomesOf("Case", "job-4");
  expect(outcomes).toEqual(["created", "deleted", "created"]);
});

test("what a merged customer had belongs to the winner", async () => {
  expect(cases.get("job-5")?.["Account.Source_Key__c"]).toBe("customer-2");
  expect(cases.get("job-5")?.["Contact.Source_Key__c"]).toBe("contact-3");
  const org = await openOrg(run.surroundings.destination);
  expect(await org.query("SELECT Id FROM Account WHERE Source_Key__c = 'customer-3'")).toEqual([]);
});

test("a child that arrives before its parent waits for it", async () => {
  expect(cases.get("job-9")?.["Account.Source_Key__c"]).toBe("customer-9");
  expect(lines).toContain("line_item-91");
});

test("a contact that moves to another customer moves", async () => {
  const org = await openOrg(run.surroundings.destination);
  const soql = "SELECT Account.Source_Key__c FROM Contact WHERE Source_Key__c = 'contact-1'";
  expect(await org.query(soql)).toEqual([{ "Account.Source_Key__c": "customer-4" }]);
});

test("a value that goes A, B, A is written twice and ends as A", async () => {
  expect(cases.get("job-6")?.["Priority"]).toBe("Medium");
  expect(await outcomesOf("Case", "job-6")).toEqual(["created", "updated", "updated"]);
});

test("a field cleared at the source is cleared at the destination", () => {
  expect(cases.get("job-7")).toMatchObject({ Description: null, Customer_PO__c: null });
});

async function outcomesOf(object: string, key: string): Promise<string[]> {
  const rows = await run.ledger.query<{ outcome: string }>(
    `SELECT outcome FROM outcome FINAL WHERE object = '${object}' AND key = '${key}' ORDER BY offset`,
  );
  return rows.map(({ outcome }) => outcome);
}
