import { expect, test } from "vitest";
import type { Job } from "../../../pipeline/core/generated/records.ts";
import { aJob } from "../../builders.ts";
import { visitAt } from "../../visit-builders.ts";
import { dynamicsPlan, mappedInto, rowOf } from "./mapped-rows.ts";

const hour = 3_600_000;
const professional = { edition: "professional" } as const;

const order = (changes: Partial<Job> = {}, settings = {}) =>
  rowOf("qd_serviceorder", "job", aJob(changes), settings);
const opportunity = (changes: Partial<Job> = {}, settings = {}) =>
  rowOf("opportunity", "job", aJob(changes), { ...professional, ...settings });

test("a job is a service order of its account and contact, known by its key and its own id", () => {
  expect(order()).toMatchObject({
    qd_sourcesystemid: "1001",
    qd_sourcekey: "job-1001",
    qd_name: "Boiler does not start",
    qd_account: "customer-1",
    qd_contact: "contact-1",
    qd_workorderid: "J-1001",
    qd_total: "249.90",
    ownerid: "technician-1",
    qd_scheduledtechnician: "technician-1",
    qd_sitestreet: "46 Garden St",
    qd_lat: "42.360100",
    qd_long: "-71.058900",
  });
});

test.each([
  ["Pending", "Unassigned", 20, "Pipeline"],
  ["Assigned", "Scheduled", 50, "Best case"],
  ["En Route", "En Route", 80, "Committed"],
  ["In Progress", "In Progress", 90, "Committed"],
  ["Completed", "Completed", 100, "Won"],
  ["Cancelled", "Cancelled", 0, "Lost"],
])("the status %s is %s, a probability of %i per cent and %s in the forecast", (status, ...is) => {
  const [label, closeprobability, msdyn_forecastcategory] = is;
  expect(order({ status })).toMatchObject({ qd_workorderstatus: label });
  expect(opportunity({ status })).toMatchObject({
    qd_workorderstatus: label,
    closeprobability,
    msdyn_forecastcategory,
  });
});

test.each([
  ["status", "On Hold", "status"],
  ["urgency", "whenever", "urgency"],
  ["channel", "carrier pigeon", "channel"],
  ["zone_name", "Atlantis", "zone_name"],
])("a %s nobody confirmed is rejected, never defaulted", (name, value, field) => {
  for (const [object, settings] of [
    ["qd_serviceorder", {}],
    ["opportunity", professional],
  ] as const) {
    expect(mappedInto(object, "job", aJob({ [name]: value }), settings)).toMatchObject({
      kind: "rejected",
      error: { code: "VALUE_NOT_IN_TABLE", field, object },
    });
  }
});

test("the choice of the status has exactly the six values", () => {
  for (const [object, settings] of [
    ["qd_serviceorder", {}],
    ["opportunity", professional],
  ] as const) {
    const fields = dynamicsPlan(settings).customFields.get(object) ?? [];
    expect(fields.find(({ name }) => name === "qd_workorderstatus")).toMatchObject({
      type: "choice",
      restricted: true,
      values: ["Unassigned", "Scheduled", "En Route", "In Progress", "Completed", "Cancelled"],
    });
  }
});

test("each status has the time it was last entered, and a closed job the day it was closed", () => {
  const at = Date.UTC(2026, 0, 15, 9, 30);
  expect(order()).toMatchObject({
    qd_unassignedat: null,
    qd_scheduledat: at,
    qd_completedat: at + hour,
    qd_closeddate: at + hour,
  });
  expect(order({ status: "In Progress" })).toMatchObject({ qd_closeddate: null });
});

test("a zone keeps its name, and a default point is flagged and no position", () => {
  expect(order({ zone_name: "Jamaica Plain", zone_id: "4" })).toMatchObject({
    qd_routezone: "Jamaica Plain",
    qd_zonekey: "zone-4",
  });
  for (const [lat, lng] of [
    ["0", "0"],
    ["42.3594", "-71.0587"],
  ] as const) {
    expect(order({ lat, lng })).toMatchObject({
      qd_lat: null,
      qd_long: null,
      qd_positionassent: `${lat}, ${lng}`,
    });
  }
});

test("an order carries its schedule: the visit that was planned, its window, and all of them", () => {
  const unsaid = { created_at: null, updated_at: null, created_by: null, service_type: null };
  const local = { starts_local: null, ends_local: null, exdates: [], custom: [] };
  const once = { recurrence_rule: null, recurrence_text: null, series_id: null };
  const none = { ...unsaid, ...local, ...once };
  const visit = {
    ...none,
    all_day: false,
    all_day_date: null,
    timezone: null,
    status: "scheduled",
  };
  const people = { technician_ids: ["7"], notes: "Ring twice", confirmed: null };
  const planned = { id: "52", starts_at: visitAt, ends_at: visitAt + hour };
  const window = { window_start: visitAt - hour, window_end: null };
  const earlier = { id: "51", starts_at: visitAt - 48 * hour, ends_at: visitAt - 47 * hour };
  const appointments = [
    { ...visit, ...people, ...earlier, window_start: null, window_end: null },
    { ...visit, ...people, ...planned, ...window },
  ];
  const fields = order({ appointments, scheduled_start: visitAt, route_id: "R-9" });
  expect(fields).toMatchObject({
    qd_scheduledate: "2026-01-20",
    qd_timewindowstart: visitAt - hour,
    qd_timewindowend: visitAt + hour,
    qd_routeid: "R-9",
  });
  expect(JSON.parse(String(fields["qd_routedata"]))).toEqual({
    site_zone: "1",
    visits: [
      expect.objectContaining({ id: "51", starts_at: "2026-01-18T14:00:00.000Z" }),
      expect.objectContaining({ id: "52", technician_ids: ["7"], notes: "Ring twice" }),
    ],
  });
  expect(order({ scheduled_start: visitAt })).toMatchObject({ qd_timewindowstart: visitAt });
  expect(order({}, { schedule: "blocks" })).not.toHaveProperty("qd_timewindowstart");
});

test("a title too long for its column is whole beside it", () => {
  const title = "Boiler ".repeat(60).trim();
  const fields = order({ title });
  expect(String(fields["qd_name"])).toHaveLength(200);
  expect(fields["qd_fulltitle"]).toBe(title);
  expect(order({ title: null })).toMatchObject({ qd_name: "J-1001", qd_fulltitle: null });
  expect(opportunity({ description: "x".repeat(3_000) })).toMatchObject({
    description: "x".repeat(2_000),
    qd_fulldescription: "x".repeat(3_000),
  });
});

test("with a table of technicians an order names the one who leads", () => {
  expect(order({}, { technicians: "table" })).toMatchObject({ qd_technician: "technician-1" });
  expect(order({ assignments: [] }, { technicians: "table" })).toMatchObject({
    qd_technician: null,
  });
});
