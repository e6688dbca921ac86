import { DateTime } from "luxon";

/** The zone the tenant works in. */
export const accountZone = "America/New_York";

/** A moment as the clock on the wall of a zone shows it, without the zone. */
export function wallClock(at: number, zone: string = accountZone): string {
  return DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
}

/** The moment a day begins in a zone. */
export function startOfDay(date: string, zone: string): number {
  return DateTime.fromISO(date, { zone }).toMillis();
}
