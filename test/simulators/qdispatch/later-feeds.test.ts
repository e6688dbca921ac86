import { expect, test } from "vitest";
import { aTenant, type Json, type Tenant } from "./tenant.ts";

const amount = (value: Json | null): string | null => value?.["amount"] ?? null;
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

test("notes and files hang on jobs, customers, contacts, locations and bills, and say what follows from that", async () => {
  const tenant = await aTenant({ size: 200, realities: false });
  const notes = (await tenant.follow("notes", "", 500)).rows;
  const of = (type: string): Json[] => notes.filter((note) => note["parentType"] === type);
  for (const type of ["job", "customer", "contact", "location", "invoice"])
    expect(of(type).length, type).toBeGreaterThan(0);
  const place = of("location")[0];
  const location = await tenant.json(`/locations/${place?.["parentId"]}`);
  expect(place?.["customerId"]).toBe(location["customerId"]);
  const bill = of("invoice")[0];
  const invoice = await tenant.json(`/invoices/${bill?.["parentId"]}`);
  expect([bill?.["jobId"], bill?.["customerId"]]).toEqual([
    invoice["jobId"],
    invoice["customerId"],
  ]);
  expect(new Set(notes.map((note) => note["format"]))).toEqual(
    new Set(["text", "html", "markdown"]),
  );
  const files = (await tenant.follow("attachments", "", 500)).rows;
  const noted = files.filter((file) => file["noteId"] !== null);
  expect(noted.length).toBeGreaterThan(0);
  for (const file of noted)
    expect((await tenant.json(`/notes/${file["noteId"]}`))["active"]).toBe(true);
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

test("a bill is the sum of the lines that name it, and what is paid is the sum of its payments", async () => {
  const tenant = await aTenant({ realities: false });
  const truth = await first(tenant, "invoice", (row) => row["status"] === "paid");
  const wire = await tenant.json(`/invoices/${truth["id"]}`);
  expect(wire).toMatchObject({
    subTotal: amount(truth["subtotal"]),
    total: amount(truth["total"]),
    balance: "0.00",
    currency: "USD",
    jobId: number(truth["job_id"]),
  });
  const cents = (text: string): number => Math.round(Number(text) * 100);
  const job = await tenant.json(`/jobs/${wire["jobId"]}`);
  const lines = job["items"].filter((line: Json) => line["invoiceId"] === wire["id"]);
  const sum = lines.reduce((total: number, line: Json) => total + cents(line["total"]), 0);
  expect(sum).toBe(cents(wire["subTotal"]));
  const payments = (await tenant.follow("payments")).rows;
  const applied = payments
    .filter((row) => row["status"] === "succeeded")
    .flatMap((row) => row["appliedTo"])
    .filter((one) => one["invoiceId"] === wire["id"]);
  expect(applied.reduce((total, one) => total + cents(one["amount"]), 0)).toBe(cents(wire["paid"]));
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

test("what hangs on a deleted job goes and comes back with it, unless it is left behind", async () => {
  const tenant = await aTenant({ realities: false });
  const job = await first(tenant, "invoice", (row) => row["status"] === "paid");
  const id = job["job_id"] as string;
  const change = (what: object): Promise<Json> =>
    tenant.admin("change", { entity: "job", id, ...what });
  const children = async (): Promise<Json[]> =>
    (
      await Promise.all(
        ["appointment", "note", "activity", "invoice"].map((entity) => tenant.truth(entity)),
      )
    )
      .flat()
      .filter((line) => line["row"].job_id === id);
  const before = (await children()).length;
  const first2 = await tenant.truth("appointment");
  const earlier = first2.find((line) => line["row"].job_id === id)?.["id"];
  await tenant.admin("change", { entity: "appointment", id: earlier, hard_delete: true });
  await change({ delete: true });
  expect((await children()).map((line) => line["deleted"])).toEqual(new Array(before).fill(true));
  const payments = (await tenant.truth("payment")).filter(
    (line) => line["row"].applications[0].invoice_id === job["id"],
  );
  expect(payments.some((line) => line["deleted"])).toBe(true);
  await change({ revive: true });
  expect((await children()).filter((line) => line["deleted"]).map((line) => line["id"])).toEqual([
    earlier,
  ]);
  await change({ delete: true, leave_children: true });
  expect((await children()).filter((line) => !line["deleted"])).toHaveLength(before - 1);
});
