const dayMs = 86_400_000;

/** A span of days; `to` is the first day after it. Both as `YYYY-MM-DD`. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

type Unit = "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR";

/** First and last unit of a literal, counted from the one that holds today. */
type Reach = readonly [unit: Unit, first: number, last: number];

const plain: Readonly<Record<string, Reach>> = {
  TODAY: ["DAY", 0, 0],
  YESTERDAY: ["DAY", -1, -1],
  TOMORROW: ["DAY", 1, 1],
  LAST_90_DAYS: ["DAY", -90, 0],
  NEXT_90_DAYS: ["DAY", 1, 90],
};
const named = /^(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/;
const counted =
  /^(?:(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S|N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO)$/;

/** Whether a word is a date literal. */
export function isDateLiteral(word: string): boolean {
  return reachOf(word, 1) !== undefined;
}

/** The days a date literal means, seen from a moment; undefined where a count is missing. */
export function daysOf(name: string, n: number | undefined, now: number): DaySpan | undefined {
  const reach = reachOf(name, n);
  if (reach === undefined) return undefined;
  const [unit, first, last] = reach;
  return { from: startOf(unit, now, first), to: startOf(unit, now, last + 1) };
}

/** This org's fiscal year is the calendar's. */
function reachOf(word: string, n: number | undefined): Reach | undefined {
  const name = word.replace("_FISCAL", "");
  const simple = plain[name];
  if (simple !== undefined) return simple;
  const [, which, unit] = named.exec(name) ?? [];
  if (unit !== undefined) {
    const at = which === "THIS" ? 0 : which === "LAST" ? -1 : 1;
    return [unit as Unit, at, at];
  }
  const [, side, many, ago] = counted.exec(name) ?? [];
  if (n === undefined) return undefined;
  if (ago !== undefined) return [ago as Unit, -n, -n];
  if (many === undefined) return undefined;
  // The days that are past include today, as documented; no other unit includes its own.
  if (side === "LAST") return [many as Unit, -n, many === "DAY" ? 0 : -1];
  return [many as Unit, 1, n];
}

/** The first day of the unit `by` units away from the one that holds a moment. */
function startOf(unit: Unit, now: number, by: number): string {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const today = Math.floor(now / dayMs) * dayMs;
  switch (unit) {
    case "DAY":
      return day(today + by * dayMs);
    case "WEEK":
      return day(today + (by * 7 - date.getUTCDay()) * dayMs);
    case "MONTH":
      return day(Date.UTC(year, month + by, 1));
    case "QUARTER":
      return day(Date.UTC(year, month - (month % 3) + by * 3, 1));
    case "YEAR":
      return day(Date.UTC(year + by, 0, 1));
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
