import { moment, seconds, text } from "./canonical-text.ts";
import type { Presence } from "./presence.ts";
import {
  type Columns,
  idOf,
  type Need,
  type ObjectRule,
  ownerOf,
  type Parts,
  referenceTo,
  type Row,
} from "./rule.ts";

const longest = 14 * 24 * 3_600_000;
/** The kinds of activities the tenant has confirmed. */
export const kinds: Readonly<Record<string, string>> = {
  call: "Call",
  email: "Email",
  sms: "SMS",
  task: "Task",
  meeting: "Meeting",
};

/** Appointments, meetings, and what was said and written between. */
export const visitRules: readonly ObjectRule[] = [
  {
    object: "Event",
    entity: "appointment",
    wrong: (row) => (row["all_day"] === true ? undefined : wrongTimes(visitTimes(row))),
    needs: (row) => [{ entity: "job", id: idOf(row["job_id"]) }],
    columns: appointmentColumns,
  },
  {
    object: "Task",
    entity: "activity",
    takes: (row) => row["kind"] !== "meeting",
    wrong: (row) =>
      kinds[String(row["kind"])] === undefined
        ? `an unseen kind: ${String(row["kind"])}`
        : undefined,
    needs: (row, presence) => Object.values(about(row, presence)),
    columns: taskColumns,
  },
  {
    object: "Event",
    entity: "activity",
    takes: (row) => row["kind"] === "meeting",
    wrong: (row) => wrongTimes(meetingTimes(row)),
    needs: (row, presence) => Object.values(about(row, presence)),
    columns: (row, id, parts) => {
      const [start, end] = meetingTimes(row);
      return {
        ...activityColumns(row, id, parts),
        Subject: text(row["subject"]) ?? "Meeting",
        IsAllDayEvent: "false",
        StartDateTime: seconds(start ?? 0),
        EndDateTime: seconds(end ?? 0),
      };
    },
  },
];

type Times = readonly [start: number | undefined, end: number | undefined];

function at(value: unknown): number | undefined {
  return typeof value === "string" ? Date.parse(value) : undefined;
}

/** When a visit is. */
export function visitTimes(row: Row): Times {
  const start = at(row["starts_at"]) ?? at(row["window_start"]);
  return [start, at(row["ends_at"]) ?? at(row["window_end"]) ?? start];
}

/** When a meeting is. */
export function meetingTimes(row: Row): Times {
  const start = at(row["started_at"]);
  const length = Number(row["duration_s"] ?? 0) * 1000;
  return [start, at(row["ended_at"]) ?? (start === undefined ? undefined : start + length)];
}

function wrongTimes([start, end]: Times): string | undefined {
  if (start === undefined || end === undefined) return "no time at all";
  const years = [start, end].map((each) => new Date(each).getUTCFullYear());
  if (years.some((year) => year < 1700 || year > 4000)) return "a year no calendar has";
  if (end < start) return "an end before its start";
  return end - start > longest ? "more than 14 days" : undefined;
}

function appointmentColumns(row: Row, id: string, parts: Parts): Columns {
  const allDay = row["all_day"] === true;
  const day = String(row["all_day_date"]);
  const [start, end] = visitTimes(row);
  const technicians = (row["technician_ids"] ?? []) as string[];
  const recurrence = row["recurrence"] as { rrule: string | null; text: string | null } | null;
  return {
    Source_System_ID__c: id,
    Subject: text(row["service_type"]) ?? "Appointment",
    IsAllDayEvent: String(allDay),
    ActivityDate: allDay ? day : undefined,
    StartDateTime: allDay ? `${day}T00:00:00.000Z` : seconds(start ?? 0),
    EndDateTime: allDay ? `${day}T00:00:00.000Z` : seconds(end ?? 0),
    Window_Start__c: moment(row["window_start"]),
    Window_End__c: moment(row["window_end"]),
    Description: recurrence === null ? visitText(row, technicians) : undefined,
    Recurrence__c: text(recurrence?.rrule) ?? text(recurrence?.text),
    Appointment_Status__c: text(row["status"]),
    Confirmed__c: String(row["confirmed"] === true),
    WhatId: referenceTo(parts, { entity: "job", id: idOf(row["job_id"]) }),
    OwnerId: ownerOf(parts, "technician", technicians[0]),
  };
}

function visitText(row: Row, technicians: readonly string[]): string | null | undefined {
  if (((row["custom"] ?? []) as unknown[]).length > 0) return undefined;
  const crew = technicians.length === 0 ? "" : `Technicians: ${technicians.join("; ")}`;
  return text([text(row["notes"]) ?? "", crew].filter((part) => part !== "").join("\n\n"));
}

function taskColumns(row: Row, id: string, parts: Parts): Columns {
  const call = row["kind"] === "call";
  const done = row["kind"] !== "task" || typeof row["ended_at"] === "string";
  const direction = text(row["direction"]);
  return {
    ...activityColumns(row, id, parts),
    Subject: text(row["subject"]) ?? "Activity",
    Status: done ? "Completed" : "Not Started",
    ActivityDate: moment(row["started_at"])?.slice(0, 10) ?? null,
    CallType: call && direction ? direction[0]?.toUpperCase() + direction.slice(1) : null,
    CallDurationInSeconds: call && row["duration_s"] !== null ? String(row["duration_s"]) : null,
  };
}

function activityColumns(row: Row, id: string, parts: Parts): Columns {
  const { what, who } = about(row, parts.presence);
  return {
    Source_System_ID__c: id,
    Activity_Kind__c: kinds[String(row["kind"])],
    Outcome__c: text(row["outcome"]),
    Started_At__c: moment(row["started_at"]),
    WhatId: referenceTo(parts, what),
    WhoId: referenceTo(parts, who),
    OwnerId: ownerOf(parts, "user", row["owner_id"]),
  };
}

/** What an activity is about: its job, else its customer; and with whom. */
export function about(row: Row, presence: Presence): Record<"what" | "who", Need> {
  const job = idOf(row["job_id"]);
  return {
    what:
      job === null
        ? { entity: "customer", id: presence.customer(row["customer_id"]), clears: true }
        : { entity: "job", id: job, clears: true },
    who: { entity: "contact", id: idOf(row["contact_id"]), clears: true },
  };
}
