import type { Value, Values } from "../../schema/field.ts";
import { type RowError, rowError } from "../row-error.ts";

/** The columns of an event that say when it is, in agreement with one another; or why they cannot agree. */
export type EventTimes = { readonly times: Values } | { readonly error: RowError };

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** The longest event the API takes. */
const longestMinutes = 14 * dayMinutes;

/**
 * When an event is, from what was sent and what stood before: a timed one needs a start and an end or a length,
 * an all-day one a date (Object Reference, "Event"). An all-day event ends at midnight of its last day.
 */
export function eventTimes(
  given: Values,
  before: Values | undefined,
  multiday: boolean,
): EventTimes {
  const allDay = (given["IsAllDayEvent"] ?? before?.["IsAllDayEvent"]) === true;
  const start = allDay ? dayOf(given, before) : momentOf(given, before);
  if (typeof start !== "string") return { error: start };
  const minutes = allDay
    ? allDayLength(given, before, start)
    : timedLength(given, before, Date.parse(start));
  if (typeof minutes !== "number") return { error: minutes };
  if (minutes > longestMinutes) {
    return wrong("An event can't last longer than 14 days", "DurationInMinutes");
  }
  if (minutes > dayMinutes && !multiday) {
    return wrong("Multiday events are not enabled in this org", "DurationInMinutes");
  }
  return { times: columns(given, start, minutes, allDay) };
}

function columns(given: Values, start: string, minutes: number, allDay: boolean): Values {
  const sent = given["EndDateTime"];
  const shift = (allDay ? minutes - dayMinutes : minutes) * minuteMs;
  const reckoned = new Date(Date.parse(start) + shift).toISOString();
  const end = !allDay && typeof sent === "string" ? sent : reckoned;
  return {
    IsAllDayEvent: allDay,
    StartDateTime: start,
    ActivityDateTime: start,
    ActivityDate: start.slice(0, 10),
    EndDateTime: end,
    EndDate: end.slice(0, 10),
    DurationInMinutes: minutes,
  };
}

/** The start of a timed event. */
function momentOf(given: Values, before: Values | undefined): string | RowError {
  const sent = sentStart(given);
  if (typeof sent !== "string" && sent !== undefined) return sent;
  const start = sent ?? before?.["StartDateTime"];
  return typeof start === "string" ? start : missing("ActivityDateTime");
}

/** The start both names of it agree on. */
function sentStart(given: Values): string | RowError | undefined {
  const { StartDateTime: start, ActivityDateTime: activity } = given;
  if (typeof start !== "string") return typeof activity === "string" ? activity : undefined;
  if (typeof activity !== "string" || activity === start) return start;
  return integrity("ActivityDateTime and StartDateTime must be equal", "StartDateTime");
}

/** Midnight of the first day of an all-day event; the date is plain, no zone shifts it. */
function dayOf(given: Values, before: Values | undefined): string | RowError {
  const sent = sentStart(given);
  if (typeof sent !== "string" && sent !== undefined) return sent;
  if (sent !== undefined && !sent.endsWith("T00:00:00.000Z")) {
    return integrity("An all-day event starts at midnight UTC", "StartDateTime");
  }
  const date = given["ActivityDate"] ?? sent?.slice(0, 10) ?? before?.["ActivityDate"];
  if (typeof date !== "string") return missing("ActivityDate");
  if (sent !== undefined && sent.slice(0, 10) !== date) {
    return integrity("ActivityDate and StartDateTime must be equal", "ActivityDate");
  }
  return `${date}T00:00:00.000Z`;
}

function timedLength(given: Values, before: Values | undefined, start: number): number | RowError {
  const { EndDateTime: end, DurationInMinutes: length } = given;
  const known = before?.["DurationInMinutes"];
  const byEnd = minutesTo(end, start);
  const minutes = byEnd ?? numberOf(length) ?? (isUnsaid(given) ? numberOf(known) : undefined);
  if (minutes === undefined) return missing("DurationInMinutes");
  if (byEnd !== undefined && typeof length === "number" && byEnd !== length) {
    return integrity("EndDateTime and DurationInMinutes do not agree", "DurationInMinutes");
  }
  if (minutes >= 0) return minutes;
  return integrity("End Date Time must not be before Start Date Time", "EndDateTime");
}

function allDayLength(given: Values, before: Values | undefined, start: string): number | RowError {
  const { EndDateTime: end, DurationInMinutes: length } = given;
  const lastDay = typeof end === "string" ? `${end.slice(0, 10)}T00:00:00.000Z` : end;
  const span = minutesTo(lastDay, Date.parse(start));
  if (span !== undefined && span < 0) {
    return integrity("End Date Time must not be before Start Date Time", "EndDateTime");
  }
  const byEnd = span === undefined ? undefined : span + dayMinutes;
  const was =
    before?.["IsAllDayEvent"] === true ? numberOf(before["DurationInMinutes"]) : undefined;
  const minutes = numberOf(length) ?? byEnd ?? was ?? dayMinutes;
  if (minutes <= 0 || minutes % dayMinutes !== 0) {
    return integrity("An all-day event lasts whole days of 1440 minutes", "DurationInMinutes");
  }
  if (byEnd === undefined || byEnd === minutes) return minutes;
  return integrity("EndDateTime and DurationInMinutes do not agree", "DurationInMinutes");
}

/** Neither the end nor the length is spoken of, so that an update keeps the length. */
function isUnsaid(given: Values): boolean {
  return given["EndDateTime"] === undefined && given["DurationInMinutes"] === undefined;
}

function minutesTo(end: Value | undefined, start: number): number | undefined {
  return typeof end === "string" ? Math.floor((Date.parse(end) - start) / minuteMs) : undefined;
}

function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function wrong(message: string, field: string): EventTimes {
  return { error: integrity(message, field) };
}

function integrity(message: string, field: string): RowError {
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, [field]);
}

function missing(field: string): RowError {
  return rowError("REQUIRED_FIELD_MISSING", `Required fields are missing: [${field}]`, [field]);
}
