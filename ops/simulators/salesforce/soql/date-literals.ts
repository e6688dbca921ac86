const dayMs = 86_400_000;

/** A span of days; `to` is the first day after it. Both as `YYYY-MM-DD`. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

const plain = new Set([
  "TODAY",
  "YESTERDAY",
  "TOMORROW",
  "THIS_WEEK",
  "LAST_WEEK",
  "NEXT_WEEK",
  "THIS_MONTH",
  "LAST_MONTH",
  "NEXT_MONTH",
  "THIS_YEAR",
  "LAST_YEAR",
  "NEXT_YEAR",
  "LAST_90_DAYS",
  "NEXT_90_DAYS",
]);
const counted = new Set([
  "LAST_N_DAYS",
  "NEXT_N_DAYS",
  "N_DAYS_AGO",
  "LAST_N_MONTHS",
  "NEXT_N_MONTHS",
  "LAST_N_YEARS",
  "NEXT_N_YEARS",
]);

/** Whether a word is a date literal. */
export function isDateLiteral(word: string): boolean {
  return plain.has(word) || counted.has(word);
}

/** The days a date literal means, seen from a moment; undefined where a count is missing. */
export function daysOf(name: string, n: number | undefined, now: number): DaySpan | undefined {
  if (counted.has(name) && n === undefined) return undefined;
  const count = n ?? 0;
  const today = Math.floor(now / dayMs) * dayMs;
  const days = (from: number, to: number): DaySpan => ({ from: day(from), to: day(to) });
  const months = (from: number, to: number): DaySpan => days(month(today, from), month(today, to));
  const years = (from: number, to: number): DaySpan => days(year(today, from), year(today, to));
  const week = today - new Date(today).getUTCDay() * dayMs;
  switch (name) {
    case "YESTERDAY":
      return days(today - dayMs, today);
    case "TOMORROW":
      return days(today + dayMs, today + 2 * dayMs);
    case "THIS_WEEK":
      return days(week, week + 7 * dayMs);
    case "LAST_WEEK":
      return days(week - 7 * dayMs, week);
    case "NEXT_WEEK":
      return days(week + 7 * dayMs, week + 14 * dayMs);
    case "THIS_MONTH":
      return months(0, 1);
    case "LAST_MONTH":
      return months(-1, 0);
    case "NEXT_MONTH":
      return months(1, 2);
    case "THIS_YEAR":
      return years(0, 1);
    case "LAST_YEAR":
      return years(-1, 0);
    case "NEXT_YEAR":
      return years(1, 2);
    case "LAST_90_DAYS":
      return days(today - 90 * dayMs, today + dayMs);
    case "NEXT_90_DAYS":
      return days(today + dayMs, today + 91 * dayMs);
    case "LAST_N_DAYS":
      return days(today - count * dayMs, today + dayMs);
    case "NEXT_N_DAYS":
      return days(today + dayMs, today + (count + 1) * dayMs);
    case "N_DAYS_AGO":
      return days(today - count * dayMs, today - (count - 1) * dayMs);
    case "LAST_N_MONTHS":
      return months(-count, 0);
    case "NEXT_N_MONTHS":
      return months(1, count + 1);
    case "LAST_N_YEARS":
      return years(-count, 0);
    case "NEXT_N_YEARS":
      return years(1, count + 1);
    default:
      return days(today, today + dayMs);
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function month(today: number, by: number): number {
  const date = new Date(today);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1);
}

function year(today: number, by: number): number {
  return Date.UTC(new Date(today).getUTCFullYear() + by, 0, 1);
}
