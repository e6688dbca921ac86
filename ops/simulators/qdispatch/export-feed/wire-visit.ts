import type { Row } from "../truth/row.ts";
import { custom, idNumber, ids, list, type Wire } from "./wire-values.ts";

/** An appointment; where no zone is said, its times are written as the wall clock shows them. */
export function appointmentWire(row: Row): Wire {
  const naive = row["timezone"] === null && typeof row["starts_local"] === "string";
  return {
    jobId: idNumber(row["job_id"]),
    start: naive ? row["starts_local"] : row["starts_at"],
    end: naive ? row["ends_local"] : row["ends_at"],
    startLocal: row["starts_local"],
    endLocal: row["ends_local"],
    timeZone: row["timezone"],
    arrivalWindowStart: row["window_start"],
    arrivalWindowEnd: row["window_end"],
    allDay: row["all_day"],
    allDayDate: row["all_day_date"],
    recurrence: recurrence(row["recurrence"]),
    status: row["status"],
    technicianIds: ids(row["technician_ids"]),
    serviceType: row["service_type"],
    specialInstructions: row["notes"],
    confirmed: row["confirmed"],
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}

function recurrence(value: unknown): Wire | null {
  const series = value as Wire | null | undefined;
  if (!series) return null;
  return {
    rrule: series["rrule"] ?? null,
    text: series["text"] ?? null,
    seriesId: series["series_id"] ?? null,
    exceptions: list(series["exdates"]),
  };
}

/** A call, e-mail, meeting, text message or task. */
export function activityWire(row: Row): Wire {
  return {
    type: row["kind"],
    subject: row["subject"],
    body: row["body"],
    direction: row["direction"],
    startedOn: row["started_at"],
    endedOn: row["ended_at"],
    durationSeconds: row["duration_s"],
    from: row["from"],
    to: list(row["to"]),
    participants: list(row["participants"]),
    related: ((row["related"] ?? []) as Wire[]).map((one) => ({
      type: one["type"],
      id: idNumber(one["id"]),
    })),
    jobId: idNumber(row["job_id"]),
    customerId: idNumber(row["customer_id"]),
    contactId: idNumber(row["contact_id"]),
    outcome: row["outcome"],
    recordingUrl: row["recording_url"],
    ownerId: idNumber(row["owner_id"]),
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}
