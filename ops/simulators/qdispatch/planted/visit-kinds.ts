import { accountZone } from "../generate/local-time.ts";
import type { Row } from "../truth/row.ts";
import type { Finds } from "./finds.ts";

const day = 86_400_000;

/** Looks at one appointment. */
export function appointmentKinds(finds: Finds, row: Row): void {
  if (isEdge(row)) finds.note("time_edge", "appointment", row.id);
  if (isImpossible(row)) finds.note("time_impossible", "appointment", row.id);
  if (row["recurrence"]) finds.note("series", "appointment", row.id);
}

/** A window without a start, a whole day of another zone, a wall clock of no zone, or an hour that was skipped or came twice. */
function isEdge(row: Row): boolean {
  const { starts_at: start, starts_local: local, timezone: zone, window_start: window } = row;
  if (typeof window === "string" && typeof start !== "string") return true;
  if (row["all_day"] === true) return typeof zone === "string" && zone !== accountZone;
  if (typeof local !== "string") return false;
  return typeof zone !== "string" || isAtClockChange(local);
}

/** Clocks of the tenant's zone change at 2:00 on the second Sunday in March and on the first in November (15 U.S.C. 260a). */
function isAtClockChange(local: string): boolean {
  const [, month, date, hour] = /^\d{4}-(\d\d)-(\d\d)T(\d\d)/.exec(local) ?? [];
  const sunday = new Date(`${local.slice(0, 10)}T00:00:00Z`).getUTCDay() === 0;
  const spring = month === "03" && Number(date) >= 8 && Number(date) <= 14 && hour === "02";
  const autumn = month === "11" && Number(date) <= 7 && hour === "01";
  return sunday && (spring || autumn);
}

/** The end before the start, more than 14 days, or a year no calendar has. */
function isImpossible(row: Row): boolean {
  if (row["all_day"] === true) return false;
  const [start, end] = [Date.parse(String(row["starts_at"])), Date.parse(String(row["ends_at"]))];
  if (Number.isNaN(start)) return false;
  const year = new Date(start).getUTCFullYear();
  return year < 1700 || year > 4000 || end < start || end - start > 14 * day;
}
