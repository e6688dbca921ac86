import { expect, test } from "vitest";
import type { Appointment } from "../../../pipeline/core/generated/records.ts";
import { anAppointment, visitAt } from "../../visit-builders.ts";
import { mappedInto, rowOf } from "./mapped-rows.ts";

const hour = 3_600_000;

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
