import { type Findings, found, type Values } from "./findings.ts";

const dayMs = 86_400_000;

/** An appointment; whether its zone is another than most, the others tell. */
export function appointmentFindings(record: Values): Findings {
  const { timezone: zone, all_day: allDay, recurrence } = record;
  return found(
    [
      isEdge(record) && "time_edge",
      isImpossible(record) && "time_impossible",
      recurrence !== null && "series",
    ],
    typeof zone === "string" ? { [allDay === true ? "day_zone" : "zone"]: zone } : {},
  );
}

/** A window without a start, a wall clock of no zone, or an hour that was skipped or came twice. */
function isEdge(record: Values): boolean {
  const { starts_at: start, starts_local: local, timezone: zone, window_start: window } = record;
  if (typeof window === "number" && typeof start !== "number") return true;
  if (record["all_day"] === true || typeof local !== "string") return false;
  return typeof zone !== "string" || isAtClockChange(local, zone);
}

/** The end before the start, more than 14 days, or a year no calendar has. */
function isImpossible({ starts_at: start, ends_at: end, all_day: allDay }: Values): boolean {
  if (allDay === true || typeof start !== "number") return false;
  const year = new Date(start).getUTCFullYear();
  if (year < 1700 || year > 4000) return true;
  return typeof end === "number" && (end < start || end - start > 14 * dayMs);
}

/** Whether a wall clock shows a time a zone skipped or had twice. */
export function isAtClockChange(local: string, zone: string): boolean {
  const wall = Date.parse(`${local.slice(0, 19)}Z`);
  if (Number.isNaN(wall)) return false;
  const [before, after] = [offsetAt(zone, wall - dayMs), offsetAt(zone, wall + dayMs)];
  if (before === undefined || after === undefined || before === after) return false;
  const moments = [wall - before, wall - after];
  const real = moments.filter((at) => at + (offsetAt(zone, at) ?? 0) === wall);
  return real.length !== 1;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** A zone's distance from UTC at a moment, in milliseconds; undefined where there is no such zone. */
function offsetAt(zone: string, at: number): number | undefined {
  if (!formats.has(zone)) formats.set(zone, formatOf(zone));
  const text = formats
    .get(zone)
    ?.formatToParts(at)
    .find(({ type }) => type === "timeZoneName");
  if (text === undefined) return undefined;
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d+):?(\d+)?/.exec(text.value) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
}
