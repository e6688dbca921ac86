import type { Values } from "../../schema/field.ts";
import type { RuleCall } from "../object-rules.ts";
import { platformInsert } from "../platform-rows.ts";
import { type RowError, rowError } from "../row-error.ts";
import { eventTimes } from "./event-times.ts";

/** Most occurrences of a daily series; the other kinds allow fewer. */
const mostOccurrences = 100;
const dayMs = 86_400_000;
const nth = ["First", "Second", "Third", "Fourth"];
const months =
  "January February March April May June July August September October November December";

/** The column that says when a series begins. */
function startField(object: string): string {
  return object === "Event" ? "RecurrenceStartDateTime" : "RecurrenceStartDateOnly";
}

/** What a new series lacks. */
export function checkSeries(
  object: string,
  given: Values,
  before: Values | undefined,
): RowError | undefined {
  if (before !== undefined || given["IsRecurrence"] !== true) return undefined;
  const names = ["RecurrenceType", startField(object), "RecurrenceEndDateOnly"];
  if (object === "Event") names.push("DurationInMinutes");
  const missing = names.filter((name) => (given[name] ?? null) === null);
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(", ")}]`;
    return rowError("REQUIRED_FIELD_MISSING", message, missing);
  }
  if (daysOf(given, object).length > 0) return undefined;
  const message = "The recurrence has no occurrences";
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, ["RecurrenceEndDateOnly"]);
}

/** Writes the occurrences of a series that was just inserted. */
export function repeatActivity({ writer, id, before }: RuleCall, values: Values): void {
  if (before !== undefined || values["IsRecurrence"] !== true) return;
  const rows = writer.org.rows(values["EventSubtype"] === undefined ? "Task" : "Event");
  const object = rows.object.name;
  const shared: Values = {};
  for (const [name, value] of Object.entries(values)) {
    const unique = rows.object.fields.get(name.toLowerCase())?.unique === true;
    if (!unique && !name.startsWith("Recurrence")) shared[name] = value;
  }
  const time = String(values["RecurrenceStartDateTime"] ?? "").slice(10);
  for (const day of daysOf(values, object)) {
    const child: Values = { ...shared, IsRecurrence: false, RecurrenceActivityId: id };
    if (object === "Task") child["ActivityDate"] = day;
    else Object.assign(child, occurrence(values, day + time));
    platformInsert(writer, object, child);
  }
}

function occurrence(series: Values, start: string): Values {
  const allDay = series["IsAllDayEvent"] ?? false;
  const length = series["DurationInMinutes"] ?? null;
  const found = eventTimes(
    { IsAllDayEvent: allDay, StartDateTime: start, DurationInMinutes: length },
    undefined,
    true,
  );
  return "times" in found ? found.times : {};
}

/** The days of a series, `YYYY-MM-DD`; zones are left out of account, as the start is given in UTC. */
function daysOf(values: Values, object: string): string[] {
  const first = Date.parse(String(values[startField(object)]).slice(0, 10));
  const last = Date.parse(String(values["RecurrenceEndDateOnly"]));
  const days: string[] = [];
  for (let at = first; at <= last && days.length < mostOccurrences; at += dayMs) {
    if (falls(values, new Date(at), new Date(first)))
      days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

function falls(values: Values, day: Date, first: Date): boolean {
  const interval = Math.max(1, Number(values["RecurrenceInterval"] ?? 1));
  const dayOfWeek = day.getUTCDay();
  const inMask = (Number(values["RecurrenceDayOfWeekMask"] ?? 0) & (1 << dayOfWeek)) !== 0;
  const onDate = day.getUTCDate() === Number(values["RecurrenceDayOfMonth"]);
  const years = day.getUTCFullYear() - first.getUTCFullYear();
  const monthsOn = years * 12 + day.getUTCMonth() - first.getUTCMonth();
  const month = months.split(" ")[day.getUTCMonth()];
  const inMonth = values["RecurrenceMonthOfYear"] === month;
  switch (values["RecurrenceType"]) {
    case "RecursDaily":
      return Math.round((day.getTime() - first.getTime()) / dayMs) % interval === 0;
    case "RecursEveryWeekday":
      return dayOfWeek > 0 && dayOfWeek < 6;
    case "RecursWeekly":
      return inMask && (weekOf(day) - weekOf(first)) % interval === 0;
    case "RecursMonthly":
      return onDate && monthsOn % interval === 0;
    case "RecursMonthlyNth":
      return inMask && isNth(values, day) && monthsOn % interval === 0;
    case "RecursYearly":
      return onDate && inMonth;
    case "RecursYearlyNth":
      return inMask && isNth(values, day) && inMonth;
    default:
      return false;
  }
}

/** Weeks begin on Sunday; 4 January 1970 was one. */
function weekOf(day: Date): number {
  return Math.floor((day.getTime() / dayMs - 3) / 7);
}

function isNth(values: Values, day: Date): boolean {
  const date = day.getUTCDate();
  const length = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  if (values["RecurrenceInstance"] === "Last") return date + 7 > length;
  return values["RecurrenceInstance"] === nth[Math.ceil(date / 7) - 1];
}
