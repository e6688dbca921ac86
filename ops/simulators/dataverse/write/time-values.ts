import type { ColumnDef } from "../model.ts";
import { ApiError } from "../web/api-error.ts";
import { type Place, wrongType } from "./place.ts";

const earliest = Date.UTC(1753, 0, 1);
const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** Whether a datetime column holds dates without time. */
export function isDateOnly(column: ColumnDef): boolean {
  // A UserLocal column that only shows the day holds a moment all the same.
  return (column.dateBehavior ?? column.format) === "DateOnly";
}

/** A date of a payload as it is kept. */
export function dateOf(place: Place, raw: unknown): string {
  const valid = typeof raw === "string" && dateOnly.test(raw) && isDay(raw);
  if (!valid) throw wrongType(place, raw, "Edm.Date");
  if (Date.parse(raw) < earliest) throw tooEarly();
  return raw;
}

/** Whether the calendar has this day: the machine would read 30 February as 2 March. */
function isDay(day: string): boolean {
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** A moment of a payload as it is kept. */
export function timeOf(place: Place, raw: unknown): string {
  // A date alone is a time at midnight for the service, too.
  const text = typeof raw === "string" && dateOnly.test(raw) ? `${raw}T00:00:00Z` : raw;
  const at = typeof text === "string" && dateTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !isDay(String(text).slice(0, 10))) {
    throw wrongType(place, raw, "Edm.DateTimeOffset");
  }
  if (at < earliest) throw tooEarly();
  return secondsOf(at);
}

/** A moment in whole seconds, as it is kept. */
export function secondsOf(at: number): string {
  return `${new Date(Math.floor(at / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
}

function tooEarly(): ApiError {
  return new ApiError(
    400,
    "0x80040239",
    "The date-time format is invalid, or the value is outside the supported range.",
  );
}
