import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { maySignIn } from "../../sinks/user-rows.ts";
import { Scribe } from "./scribe.ts";

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

const money = (amount: string, currency: string | null = "USD") => ({ amount, currency });
const emails = (...values: string[]) => values.map((value) => ({ value, label: null }));

/** Ids by kind and entity. */
async function findings(): Promise<Record<string, string[]>> {
  await scribe.level(ledger.client);
  const rows = await ledger.client.query<{ name: string; ids: string[] }>(
    "SELECT concat(kind, ' ', entity) AS name, arraySort(groupArray(source_id)) AS ids FROM finding GROUP BY name",
  );
  return Object.fromEntries(rows.map(({ name, ids }) => [name, ids]));
}

test("records are found by what they show themselves and what their neighbours say of them, others are not", async () => {
  const write = (entity: string, id: string, fields: object) =>
    scribe.source(entity, id, {}, fields as Readonly<Record<string, unknown>>);
  const job = { customer_id: "1", location_id: "1", owner_id: "u1", assignments_count: 1 };
  await write("user", "u1", {});
  await write("user", "u2", { active: false });
  await write("technician", "1", { email: "a@test.example" });
  await write("technician", "2", { email: " A@test.example" });
  await write("technician", "3", { email: null });
  await write("contact", "1", { customer_id: "9", emails: emails("x@a.example", "x+1@b.example") });
  await write("contact", "2", { customer_id: "2", raw: '{"customerId": 7}' });
  await write("job", "1", { ...job, number: "J1", title: "x".repeat(256) });
  await write("job", "2", { ...job, number: "J1", owner_id: "u2", description: "<p>a<script>" });
  await write("job", "9007199254740993", {
    ...job,
    location_id: "2",
    completed_at: 1,
    created_at: 2,
  });
  await write("job", "4", {
    ...job,
    custom: [{ key: "size", label: "Size", value: "12 units", type_guess: "text" }],
  });
  await write("job", "5", { ...job, customer_id: null, location_id: null, owner_id: null });
  await write("custom_property_def", "d", { entity: "job", key: "size", type: "integer" });
  await write("service_location", "1", { postal_code: "2134.0", line1: "1 Main St" });
  await write("service_location", "2", { lat: "0", lng: "0.0", line1: "1 Main St" });
  await write("note", "1", { job_id: "1", body: "ä".repeat(2001) });
  await write("note", "2", { job_id: "77", body: "a\r\nb\nc" });
  await write("attachment", "1", { job_id: "1", file_name: "a.jpg", size: 5 });
  await write("attachment", "2", { job_id: "1", file_name: "a.jpg", size: 5 });
  await write("attachment", "3", { job_id: "1", file_name: "b.jpg", size: 0 });
  await write("attachment", "4", {
    ...{ job_id: "1", file_name: "c.jpg", size: 5, mime_type: "image/jpeg" },
    file: { sha256: "0", size: 5, mime_detected: "application/pdf" },
  });
  await write("line_item", "1", { total: money("10.01"), unit_price: money("5"), quantity: "2" });
  await write("line_item", "2", { total: money("10"), unit_price: money("5"), quantity: "2" });
  await write("invoice", "1", {
    subtotal: money("5"),
    lines_total: "4.99",
    total: money("5"),
    currency: "USD",
  });
  await write("payment", "1", { amount: money("-5") });
  const spring = { timezone: "America/New_York", starts_local: "2024-03-10T02:30:00" };
  await write("appointment", "1", spring);
  await write("appointment", "2", { ...spring, starts_local: "2024-03-10T03:30:00" });
  await write("appointment", "3", { starts_at: 2000, ends_at: 1000 });
  await write("appointment", "4", { all_day: true, timezone: "Europe/Berlin" });
  expect(await findings()).toEqual({
    "completed_before_created job": ["9007199254740993"],
    "contact_of_merged contact": ["2"],
    "email_missing technician": ["3"],
    "email_shared technician": ["1", "2"],
    "email_untidy contact": ["1"],
    "email_untidy technician": ["2"],
    "file_problem attachment": ["1", "2", "3", "4"],
    "html_hostile job": ["2"],
    "id_long job": ["9007199254740993"],
    "job_without_customer job": ["5"],
    "job_without_location job": ["5"],
    "job_without_owner job": ["5"],
    "money_odd line_item": ["1"],
    "number_shared job": ["1", "2"],
    "orphan note": ["2"],
    "owner_left job": ["2"],
    "position_default job": ["9007199254740993"],
    "position_default service_location": ["2"],
    "postal_missing service_location": ["2"],
    "postal_odd service_location": ["1"],
    "property_odd job": ["4"],
    "text_long job": ["1"],
    "text_long note": ["1"],
    "text_odd note": ["2"],
    "time_edge appointment": ["1", "4"],
    "time_impossible appointment": ["3"],
    "totals_differ invoice": ["1"],
    "totals_differ payment": ["1"],
  });
});

test("a finding says where its record has ended, and ends with what was odd", async () => {
  const version = await scribe.source(
    "job",
    "20",
    {},
    { customer_id: null, location_id: "1", owner_id: "u1" },
  );
  await scribe.rejected("job", "20", version, "VALUE_NOT_IN_TABLE");
  await scribe.level(ledger.client);
  const ended = await ledger.client.query(
    "SELECT kind, key, ended FROM finding WHERE entity = 'job' AND source_id = '20'",
  );
  expect(ended).toEqual([
    {
      ...{ kind: "job_without_customer", key: "job-20" },
      ended: ["Case rejected VALUE_NOT_IN_TABLE"],
    },
  ]);
  await scribe.source("job", "20", {}, { customer_id: "1", location_id: "1", owner_id: "u1" });
  expect(Object.values(await findings()).flat()).not.toContain("20");
});

test("a technician at work whose user may not sign in is named", async () => {
  const version = await scribe.source("technician", "30", {}, { email: "t@test.example" });
  await scribe.created("User", "technician-30", { Skills__c: "HVAC" }, ["005A"], null, version);
  const found = { Skills__c: "HVAC", [maySignIn]: "false" };
  await scribe.observed("User", "technician-30", found);
  expect((await findings())["active_differs technician"]).toEqual(["30"]);
});
