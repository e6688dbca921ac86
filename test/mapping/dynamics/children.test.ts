import { expect, test } from "vitest";
import type {
  Activity,
  Appointment,
  MergedLine,
} from "../../../pipeline/core/generated/records.ts";
import { aLineItem, aMeta, envelope } from "../../builders.ts";
import { anInvoice, dollars } from "../../document-builders.ts";
import { anActivity, anAppointment, anAssignment, visitAt } from "../../visit-builders.ts";
import { dynamicsPlan, mappedInto, rowOf } from "./mapped-rows.ts";

const hour = 3_600_000;
const professional = { edition: "professional" } as const;

test("a line is a row of its order, or written into its opportunity, its money exact", () => {
  expect(rowOf("qd_serviceline", "line_item", aLineItem())).toMatchObject({
    qd_serviceorder: "job-1001",
    qd_quantity: "1.50000",
    qd_unitprice: "90.00",
    qd_total: "143.10",
  });
  expect(rowOf("opportunityproduct", "line_item", aLineItem(), professional)).toMatchObject({
    opportunityid: "job-1001",
    isproductoverridden: true,
    productdescription: "First hour",
    quantity: "1.50000",
    priceperunit: "90.00",
    tax: "8.10",
    qd_total: "143.10",
  });
  const finer = aLineItem({ unit_price: dollars("1.005") });
  expect(mappedInto("qd_serviceline", "line_item", finer)).toMatchObject({
    kind: "rejected",
    error: { field: "unit_price" },
  });
});

test("what makes a line written in is said once: no update may touch it", () => {
  const { objects } = dynamicsPlan(professional).plan;
  const lines = objects.find(({ object }) => object === "opportunityproduct");
  const once = lines?.fields.filter(({ createOnly }) => createOnly === true);
  expect(once?.map(({ name }) => name)).toEqual(["opportunityid", "isproductoverridden"]);
});

test("equal lines merged are one row with the sums of all", () => {
  const merged: MergedLine = {
    ...envelope,
    meta: aMeta(),
    id: "1001.abc",
    job_id: "1001",
    kind: "labor",
    sku: "L-1",
    service_type: "Boiler repair",
    description: null,
    unit: "h",
    unit_price: dollars("90.00"),
    taxable: true,
    position: 1,
    quantity: "4.5",
    total: dollars("405.00"),
    tax: null,
    cost: null,
    lines_count: 3,
    line_ids: ["1", "2", "3"],
  };
  const settings = { ...professional, lines: "merged" } as const;
  expect(rowOf("opportunityproduct", "merged_line", merged, settings)).toMatchObject({
    productdescription: "Boiler repair",
    quantity: "4.50000",
    qd_total: "405.00",
    qd_mergedlines: 3,
    qd_mergedlineids: "1; 2; 3",
  });
  expect(dynamicsPlan(settings).mappers.has("line_item")).toBe(false);
});

test("who worked on a job is a row with user, role and hours", () => {
  expect(rowOf("qd_jobtechnician", "assignment", anAssignment())).toMatchObject({
    qd_serviceorder: "job-1001",
    qd_user: "technician-7",
    qd_role: "Primary",
    qd_hoursworked: "1.5000",
  });
  const rows = { ...professional, crew: "rows" } as const;
  const row = rowOf("qd_jobtechnician", "assignment", anAssignment(), rows);
  expect(row).toMatchObject({ qd_opportunity: "job-1001" });
  expect(row).not.toHaveProperty("qd_serviceorder");
});

const visit = (changes: Partial<Appointment> = {}, settings = {}) =>
  mappedInto("appointment", "appointment", anAppointment(changes), settings);

test("visits are activities where the setting says so; a technician's own time always is one", () => {
  const activities = { schedule: "activities" } as const;
  expect(visit({}, activities)).toMatchObject({
    record: {
      fields: {
        regardingobjectid: "job-1001",
        scheduledstart: visitAt,
        scheduledend: visitAt + hour,
        ownerid: "technician-7",
        statecode: "Scheduled",
        subject: "Boiler repair",
      },
    },
  });
  expect(visit()).toMatchObject({ record: { operation: "delete" } });
  expect(visit({ job_id: null, service_type: "Training" })).toMatchObject({
    record: { fields: { regardingobjectid: null, subject: "Training" } },
  });
  expect(visit({ status: "perhaps" }, activities)).toMatchObject({
    error: { code: "VALUE_NOT_IN_TABLE", field: "status" },
  });
  expect(visit({ ends_at: visitAt - 1 }, activities)).toMatchObject({
    error: { code: "TIME_IMPOSSIBLE" },
  });
});

test("a whole day reaches from its midnight to the next, shifted by no zone", () => {
  const allDay = { all_day: true, all_day_date: "2026-03-08", starts_at: null, ends_at: null };
  const midnight = Date.UTC(2026, 2, 8);
  expect(visit(allDay, { schedule: "activities" })).toMatchObject({
    record: {
      fields: {
        isalldayevent: true,
        scheduledstart: midnight,
        scheduledend: midnight + 24 * hour,
      },
    },
  });
});

test("a block of the schedule keeps window, wall clock and series", () => {
  const recurrence = { rrule: "FREQ=WEEKLY", text: null, series_id: "S1", exdates: [] };
  const row = rowOf("qd_scheduleblock", "appointment", anAppointment({ recurrence }), {
    schedule: "blocks",
  });
  expect(row).toMatchObject({
    qd_serviceorder: "job-1001",
    qd_startson: visitAt,
    qd_windowstart: visitAt - hour,
    qd_startslocal: "2026-01-20T09:00:00",
  });
  expect(JSON.parse(String(row["qd_recurrence"]))).toEqual(recurrence);
});

const activity = (object: string, changes: Partial<Activity>, settings = {}) =>
  rowOf(object, "activity", anActivity(changes), settings);

test("a call is a completed phone call with its original times", () => {
  expect(activity("phonecall", {})).toMatchObject({
    regardingobjectid: "job-1001",
    subject: "About the boiler",
    directioncode: true,
    scheduledstart: visitAt,
    actualstart: visitAt,
    actualend: visitAt + 95_000,
    statecode: "Completed",
    qd_durationseconds: 95,
    qd_outcome: "connected",
    ownerid: "user-3",
  });
  const customers = activity("phonecall", { job_id: null });
  expect(customers).toMatchObject({ regardingobjectid: "customer-1" });
});

test("each kind of activity is a row of one table, and one nobody confirmed is rejected", () => {
  const tables = ["phonecall", "email", "appointment", "task"];
  const rows = (kind: string) =>
    tables.filter((table) => {
      const result = mappedInto(table, "activity", anActivity({ kind }));
      return result.kind === "mapped" && result.record.operation === "upsert";
    });
  expect(["call", "email", "meeting", "sms", "task"].map(rows)).toEqual([
    ["phonecall"],
    ["email"],
    ["appointment"],
    ["task"],
    ["task"],
  ]);
  expect(mappedInto("task", "activity", anActivity({ kind: "fax" }))).toMatchObject({
    kind: "rejected",
    error: { code: "VALUE_NOT_IN_TABLE", field: "kind" },
  });
});

test("a task is open until it ends, and a meeting scheduled until something came of it", () => {
  const task = { kind: "task", duration_s: null };
  expect(activity("task", task)).toMatchObject({ statecode: "Open", actualend: null });
  expect(activity("task", { ...task, ended_at: visitAt + hour })).toMatchObject({
    statecode: "Completed",
    actualend: visitAt + hour,
  });
  const meeting = { kind: "meeting", duration_s: 1_800 };
  expect(activity("appointment", { ...meeting, outcome: null })).toMatchObject({
    statecode: "Scheduled",
    scheduledend: visitAt + 1_800_000,
    actualend: null,
  });
  expect(activity("appointment", { ...meeting, outcome: "held" })).toMatchObject({
    statecode: "Completed",
    actualend: visitAt + 1_800_000,
  });
});

test("an e-mail keeps its formatting, and an empty subject has a stand-in", () => {
  const email = { kind: "email", subject: null, body: "<p>Hi <b>Ada</b></p><script>1</script>" };
  expect(activity("email", email)).toMatchObject({
    subject: "Email",
    description: "<p>Hi <b>Ada</b></p>",
  });
});

test("a bill is a row with its findings, or JSON on its job", () => {
  const odd = anInvoice({ paid: dollars("120.00") });
  expect(rowOf("qd_invoice", "invoice", odd)).toMatchObject({
    qd_name: "INV-41",
    qd_serviceorder: "job-1001",
    qd_total: "110.00",
    qd_linestotal: "100.0000",
    qd_findings: expect.stringContaining("120.00 is said to be paid") as string,
  });
  for (const invoices of ["json", "business_central", "none"] as const) {
    expect(dynamicsPlan({ invoices }).mappers.has("invoice")).toBe(false);
  }
});
