import { expect, test } from "vitest";
import { aTenant, type Json, type Tenant } from "./tenant.ts";

const number = (id: string | null): number | null => (id === null ? null : Number(id));

async function first(tenant: Tenant, entity: string, suits: (row: Json) => boolean): Promise<Json> {
  const found = (await tenant.truth(entity)).map((line) => line["row"]).find(suits);
  if (found === undefined) throw new Error(`There is no such ${entity}.`);
  return found;
}

test("each feed gives every living record once, and its census and by-id agree", async () => {
  const tenant = await aTenant();
  for (const [feed, entity] of [
    ["appointments", "appointment"],
    ["notes", "note"],
    ["attachments", "attachment"],
    ["activities", "activity"],
    ["invoices", "invoice"],
    ["payments", "payment"],
    ["custom-property-definitions", "custom_property_def"],
  ] as const) {
    const living = (await tenant.truth(entity)).filter((line) => !line["deleted"]);
    const ids = (rows: readonly Json[]): number[] => rows.map((row) => Number(row["id"])).sort();
    const wanted = ids(living);
    const { rows, next } = await tenant.follow(feed, "", 9);
    expect(ids(rows), feed).toEqual(wanted);
    expect((await tenant.follow(feed, next)).rows).toEqual([]);
    const census = await tenant.json(`/${feed}?fields=id&pageSize=1000`);
    expect(ids(census["data"]), feed).toEqual(wanted);
    expect(await tenant.json(`/${feed}/${wanted[0]}`)).toMatchObject({ active: true });
    expect((await tenant.get(`/${feed}/123456789`)).status).toBe(404);
  }
});

test("an appointment says when it is, where its clock hangs, and who comes", async () => {
  const tenant = await aTenant({ realities: false });
  const truth = await first(
    tenant,
    "appointment",
    (row) => row["technician_ids"].length > 1 && row["window_start"] !== null,
  );
  expect(await tenant.json(`/appointments/${truth["id"]}`)).toMatchObject({
    jobId: number(truth["job_id"]),
    start: truth["starts_at"],
    end: truth["ends_at"],
    startLocal: truth["starts_local"],
    timeZone: "America/New_York",
    arrivalWindowStart: truth["window_start"],
    allDay: false,
    technicianIds: truth["technician_ids"].map(Number),
    status: truth["status"],
    recurrence: null,
  });
  const off = await first(tenant, "appointment", (row) => row["job_id"] === null && row["all_day"]);
  expect(await tenant.json(`/appointments/${off["id"]}`)).toMatchObject({
    jobId: null,
    start: null,
    allDay: true,
    allDayDate: off["all_day_date"],
  });
});

test("planted times stand on the wire as a source writes them", async () => {
  const tenant = await aTenant({ size: 500 });
  const { time_edge, time_impossible, series } = await tenant.admin("planted");
  const wires = (ids: string[]): Promise<Json[]> =>
    Promise.all(ids.map((id) => tenant.json(`/appointments/${id}`)));
  const edges = await wires(time_edge.ids);
  expect(edges.some((row) => row["startLocal"] === "2025-03-09T02:30:00")).toBe(true);
  expect(edges.some((row) => row["start"] === "2024-11-03T06:30:00.000Z")).toBe(true);
  expect(edges.some((row) => row["allDay"] && row["timeZone"] === "Pacific/Auckland")).toBe(true);
  expect(edges.some((row) => row["start"] === null && row["arrivalWindowStart"] !== null)).toBe(
    true,
  );
  const naive = edges.filter((row) => row["timeZone"] === null);
  expect(naive.length).toBeGreaterThan(0);
  for (const row of naive) expect(row["start"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  const years = (await wires(time_impossible.ids)).map((row) => row["start"].slice(0, 4));
  expect(years).toEqual(expect.arrayContaining(["0001", "9999"]));
  const recurring = (await wires(series.ids)).map((row) => row["recurrence"]);
  expect(recurring.some(({ rrule, exceptions }) => rrule && exceptions.length > 0)).toBe(true);
  expect(recurring.some(({ rrule, text }) => rrule === null && text === "every 2nd Tue")).toBe(
    true,
  );
});

test("a call has its times, ends and what it is about", async () => {
  const tenant = await aTenant();
  const truth = await first(tenant, "activity", (row) => row["kind"] === "call" && row["job_id"]);
  expect(await tenant.json(`/activities/${truth["id"]}`)).toMatchObject({
    type: "call",
    direction: expect.stringMatching(/^(in|out)bound$/),
    startedOn: truth["started_at"],
    endedOn: truth["ended_at"],
    durationSeconds: (Date.parse(truth["ended_at"]) - Date.parse(truth["started_at"])) / 1_000,
    from: truth["from"],
    to: truth["to"],
    related: truth["related"].map((one: Json) => ({ type: one["type"], id: Number(one["id"]) })),
    jobId: number(truth["job_id"]),
    outcome: truth["outcome"],
  });
});

test("a contact of several customers carries its links, and the truth knows each as a record", async () => {
  const tenant = await aTenant({ size: 200 });
  const links = await tenant.truth("contact_link");
  const { row } = links[0] as Json;
  const contact = await tenant.json(`/contacts/${row.contact_id}`);
  expect(contact["links"]).toContainEqual({
    id: number(row.id),
    customerId: number(row.customer_id),
    role: row.role,
    isPrimary: false,
  });
  expect(String(contact["customerId"])).not.toBe(row.customer_id);
});

test("definitions say what properties are; a tenant may not offer them", async () => {
  const tenant = await aTenant();
  const { rows } = await tenant.follow("custom-property-definitions");
  expect(rows).toContainEqual(
    expect.objectContaining({
      entity: "job",
      name: "parts_used",
      dataType: "multi_picklist",
      options: ["belt", "filter", "valve", "fan motor", "thermostat"],
    }),
  );
  const without = await aTenant({ propertyDefinitions: false });
  for (const path of ["/export/custom-property-definitions", "/custom-property-definitions/1001"])
    expect((await without.get(path)).status).toBe(404);
});
