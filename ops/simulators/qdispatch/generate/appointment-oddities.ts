import type { Row } from "../truth/row.ts";
import { accountZone, startOfDay, wallClock } from "./local-time.ts";
import { type Planted, variant } from "./realities.ts";
import { iso } from "./world.ts";

/** When an appointment is, in the ways a source may say it. */
export type Times = Pick<
  Row,
  | "starts_at"
  | "ends_at"
  | "starts_local"
  | "ends_local"
  | "timezone"
  | "window_start"
  | "window_end"
  | "all_day"
  | "all_day_date"
>;

const hour = 3_600_000;
const day = 24 * hour;

const blank = {
  starts_at: null,
  ends_at: null,
  starts_local: null,
  ends_local: null,
  timezone: accountZone,
  window_start: null,
  window_end: null,
  all_day: false,
  all_day_date: null,
};

/** Times at an edge: the hour a clock skips or strikes twice, a day of another zone, a window alone, no zone said. */
export function edgeTimes(planted: Planted<string>, start: number): Times {
  const date = wallClock(start).slice(0, 10);
  const zone = planted.nth % 2 === 0 ? "Pacific/Auckland" : "America/Los_Angeles";
  return variant(planted, [
    // Clocks skipped from 02:00 to 03:00; the tenant's form took 02:30 nevertheless.
    {
      ...blank,
      starts_at: "2025-03-09T07:30:00.000Z",
      ends_at: "2025-03-09T09:30:00.000Z",
      starts_local: "2025-03-09T02:30:00",
      ends_local: "2025-03-09T05:30:00",
    },
    // 01:30 came twice; this is the second.
    {
      ...blank,
      starts_at: "2024-11-03T06:30:00.000Z",
      ends_at: "2024-11-03T08:30:00.000Z",
      starts_local: "2024-11-03T01:30:00",
      ends_local: "2024-11-03T03:30:00",
    },
    {
      ...blank,
      starts_at: iso(startOfDay(date, zone)),
      ends_at: iso(startOfDay(date, zone) + day),
      timezone: zone,
      all_day: true,
      all_day_date: date,
    },
    { ...blank, window_start: iso(start), window_end: iso(start + 4 * hour) },
    {
      ...blank,
      starts_at: iso(start),
      ends_at: iso(start + hour),
      starts_local: wallClock(start),
      ends_local: wallClock(start + hour),
      timezone: null,
    },
  ]);
}

/** Times no calendar takes: the end before the start, more than 14 days, years 1 and 9999. */
export function impossibleTimes(planted: Planted<string>, start: number): Times {
  return variant(planted, [
    { ...blank, starts_at: iso(start), ends_at: iso(start - 2 * hour) },
    { ...blank, starts_at: iso(start), ends_at: iso(start + 15 * day) },
    { ...blank, starts_at: "0001-01-01T00:00:00.000Z", ends_at: "0001-01-01T01:00:00.000Z" },
    { ...blank, starts_at: "9999-12-31T22:00:00.000Z", ends_at: "9999-12-31T23:00:00.000Z" },
  ]);
}

/** A series, as a rule with exceptions or as somebody wrote it down. */
export function recurrenceOf(planted: Planted<string>, start: number): Record<string, unknown> {
  const seriesId = `S-${1_000 + planted.nth}`;
  const skipped = wallClock(start + 14 * day).slice(0, 10);
  return variant<Record<string, unknown>>(planted, [
    {
      rrule: "FREQ=WEEKLY;INTERVAL=1;COUNT=12",
      text: "weekly, 12 times",
      series_id: seriesId,
      exdates: [skipped],
    },
    { rrule: null, text: "every 2nd Tue", series_id: seriesId, exdates: [] },
    {
      rrule: "FREQ=MONTHLY;BYDAY=1MO",
      text: "first Monday of the month",
      series_id: seriesId,
      exdates: [skipped, wallClock(start + 35 * day).slice(0, 10)],
    },
  ]);
}
