import * as fc from "fast-check";
import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { anActivity, anAppointment, visitAt } from "../../visit-builders.ts";
import { fieldsOf, mapped } from "../default-mappings.ts";

const hour = 3_600_000;
const day = 24 * hour;

test("a timed visit keeps its instants, its window and its wall clock", () => {
  expect(fieldsOf("appointment", anAppointment())).toMatchObject({
    IsAllDayEvent: false,
    StartDateTime: visitAt,
    EndDateTime: visitAt + hour,
    Window_Start__c: visitAt - hour,
    Window_End__c: visitAt + hour,
    Starts_Local__c: "2026-01-20T09:00:00",
    Time_Zone__c: "America/New_York",
    OwnerId: "technician-7",
    WhatId: "job-1001",
    Subject: "Boiler repair",
  });
});

test("instants around a change of clocks come out as they went in, whatever the wall clock said", () => {
  const nights = ["2026-03-08", "2026-11-01"].map((date) =>
    DateTime.fromISO(`${date}T00:00`, { zone: "America/New_York" }).toMillis(),
  );
  const seconds = fc.integer({ min: -3600, max: 4 * 3600 });
  fc.assert(
    fc.property(fc.constantFrom(...nights), seconds, seconds, (night, from, length) => {
      const starts = night + from * 1000;
      const ends = starts + Math.abs(length) * 1000;
      // A wall clock that was skipped, or came twice, is kept as text and decides nothing.
      const visit = anAppointment({ starts_at: starts, ends_at: ends, starts_local: "02:30" });
      expect(fieldsOf("appointment", visit)).toMatchObject({
        StartDateTime: starts,
        EndDateTime: ends,
      });
    }),
  );
});

test("an all-day visit is its day in every zone", () => {
  for (const timezone of ["Pacific/Auckland", "America/Los_Angeles", null]) {
    const midnight = DateTime.fromISO("2026-04-05", { zone: timezone ?? "UTC" }).toMillis();
    const visit = anAppointment({
      all_day: true,
      all_day_date: "2026-04-05",
      timezone,
      starts_at: midnight,
      ends_at: midnight + day,
    });
    expect(fieldsOf("appointment", visit)).toMatchObject({
      IsAllDayEvent: true,
      StartDateTime: Date.UTC(2026, 3, 5),
      EndDateTime: Date.UTC(2026, 3, 5),
    });
  }
});

test("a visit of which only the window is known is planned in its window", () => {
  const none = { starts_at: null, ends_at: null };
  expect(fieldsOf("appointment", anAppointment(none))).toMatchObject({
    StartDateTime: visitAt - hour,
    EndDateTime: visitAt + hour,
  });
  const nothing = anAppointment({ ...none, window_start: null, window_end: null });
  expect(mapped("appointment", nothing)).toMatchObject({ error: { code: "VALUE_MISSING" } });
});

test.each([
  ["an end before the start", { ends_at: visitAt - 1000 }],
  ["more than 14 days", { ends_at: visitAt + 14 * day + 1000 }],
  ["the year 1", { starts_at: Date.parse("0001-01-01T00:00:00Z"), ends_at: null }],
  ["the year 9999", { starts_at: Date.parse("9999-12-31T22:00:00Z"), ends_at: null }],
  ["a day no calendar has", { all_day: true, all_day_date: "2026-02-30" }],
])("%s is rejected as impossible", (_, changes) => {
  expect(mapped("appointment", anAppointment(changes))).toMatchObject({
    kind: "rejected",
    error: { code: "TIME_IMPOSSIBLE", object: "Event" },
  });
});

test("fourteen days are taken", () => {
  const visit = anAppointment({ ends_at: visitAt + 14 * day });
  expect(fieldsOf("appointment", visit)["EndDateTime"]).toBe(visitAt + 14 * day);
});

test("what an event has no field for stands below its description, the pattern of a series too", () => {
  const recurrence = {
    rrule: null,
    text: "every 2nd Tue",
    series_id: "S-9",
    exdates: ["2026-02-03"],
  };
  const fields = fieldsOf("appointment", anAppointment({ recurrence }));
  expect(fields).toMatchObject({ Recurrence__c: "every 2nd Tue", Series_Id__c: "S-9" });
  const lines = String(fields["Description"]).split("\n");
  expect(lines[0]).toBe("Ring twice");
  expect(lines).toContain("Technicians: 7; 8");
  expect(lines).toContain(`Recurrence: ${JSON.stringify(recurrence)}`);
});

test("a subject too long is cut, and whole in the description", () => {
  const subject = `${"Re: ".repeat(100)}boiler`;
  const fields = fieldsOf("activity", anActivity({ kind: "email", subject }), { object: "Task" });
  expect(fields["Subject"]).toBe(subject.slice(0, 255).trimEnd());
  expect(String(fields["Description"]).split("\n")).toContain(`Subject: ${subject}`);
});

test("time that belongs to no job has no case", () => {
  const off = anAppointment({ job_id: null, technician_ids: [] });
  expect(fieldsOf("appointment", off)).toMatchObject({ WhatId: null, OwnerId: null });
});

test("a meeting is an event that lasts as long as the source says, any other activity a task", () => {
  const meeting = anActivity({ kind: "meeting", duration_s: 1800, direction: null });
  expect(fieldsOf("activity", meeting, { object: "Event" })).toMatchObject({
    StartDateTime: visitAt,
    EndDateTime: visitAt + 1_800_000,
    OwnerId: "user-3",
    WhoId: "contact-1",
    WhatId: "job-1001",
  });
  expect(mapped("activity", meeting, { object: "Task" })).toMatchObject({
    record: { operation: "delete", delete_reason: "no_row" },
  });
  expect(mapped("activity", anActivity(), { object: "Event" })).toMatchObject({
    record: { operation: "delete" },
  });
});

test("a call keeps its way, its length and its outcome", () => {
  expect(fieldsOf("activity", anActivity(), { object: "Task" })).toMatchObject({
    TaskSubtype: "Call",
    CallType: "Outbound",
    CallDurationInSeconds: 95,
    CallDisposition: "connected",
    Status: "Completed",
    ActivityDate: "2026-01-20",
    Started_At__c: visitAt,
  });
  const ended = anActivity({ duration_s: null, ended_at: visitAt + 61_500 });
  expect(fieldsOf("activity", ended, { object: "Task" })["CallDurationInSeconds"]).toBe(61);
});

test("a task is done when it has an end, and hangs on its customer where it has no job", () => {
  const task = anActivity({ kind: "task", direction: null, job_id: null });
  const fields = fieldsOf("activity", task, { object: "Task" });
  expect(fields).toMatchObject({ Status: "Not Started", CallType: null, WhatId: "customer-1" });
  const done = { ...task, ended_at: visitAt };
  expect(fieldsOf("activity", done, { object: "Task" })["Status"]).toBe("Completed");
});

test("a kind of activity nobody confirmed is rejected", () => {
  expect(mapped("activity", anActivity({ kind: "fax" }), { object: "Task" })).toMatchObject({
    error: { code: "VALUE_NOT_IN_TABLE", field: "kind" },
  });
});
