import { folded } from "../rows/fold.ts";
import { badQuery, notImplemented } from "../web/api-error.ts";
import type { Literal } from "./condition.ts";
import type { Predicate, Reading } from "./source.ts";
import type { Scalar } from "./tokens.ts";

const day = 86_400_000;
const units: Readonly<Record<string, number>> = {
  Hours: 3_600_000,
  Days: day,
  Weeks: 7 * day,
  Months: 30 * day,
  Years: 365 * day,
};

/** The test of a `Microsoft.Dynamics.CRM` query function. */
export function functionTest<T>(
  name: string,
  property: Reading<T>,
  values: readonly Literal[],
  now: () => number,
): Predicate<T> {
  if (
    name === "In" ||
    name === "NotIn" ||
    name === "ContainValues" ||
    name === "DoesNotContainValues"
  ) {
    return memberTest(name, property, values);
  }
  if (name === "Between" || name === "NotBetween") return rangeTest(name, property, values);
  const dates = dateRange(name, values, now());
  if (dates === undefined) throw notImplemented(`The query function ${name}`);
  return (item) => {
    const value = property.read(item);
    const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return at >= dates.from && at < dates.to;
  };
}

function memberTest<T>(
  name: string,
  property: Reading<T>,
  values: readonly Literal[],
): Predicate<T> {
  const wanted = new Set(values.map(({ value }) => keyOf(value)));
  if (name === "In") return (item) => wanted.has(keyOf(property.read(item)));
  if (name === "NotIn") return (item) => !wanted.has(keyOf(property.read(item)));
  const contains = name === "ContainValues";
  return (item) => {
    const held = String(property.read(item) ?? "").split(",");
    return held.some((value) => wanted.has(value)) === contains;
  };
}

/** PropertyValues are texts whatever the column holds. */
function keyOf(value: Scalar): string | null {
  return value === null ? null : folded(String(value));
}

function rangeTest<T>(
  name: string,
  property: Reading<T>,
  values: readonly Literal[],
): Predicate<T> {
  const [from, to] = values.map(({ value }) => value);
  if (from === undefined || to === undefined) throw badQuery(`${name} takes two values.`);
  const bound = (value: Scalar): Scalar =>
    property.type === "number" ? Number(value) : folded(String(value));
  const [least, most] = [bound(from), bound(to)];
  return (item) => {
    const value = property.read(item);
    if (value === null || least === null || most === null) return false;
    const inside =
      (bound(value) as string) >= (least as string) && (bound(value) as string) <= (most as string);
    return inside === (name === "Between");
  };
}

interface DateRange {
  readonly from: number;
  readonly to: number;
}

function dateRange(name: string, values: readonly Literal[], now: number): DateRange | undefined {
  const given = values[0]?.value ?? null;
  const today = Math.floor(now / day) * day;
  const at = typeof given === "string" ? Date.parse(given) : Number.NaN;
  const begin = Math.floor(at / day) * day;
  const fixed: Readonly<Record<string, DateRange>> = {
    On: { from: begin, to: begin + day },
    OnOrAfter: { from: begin, to: Number.POSITIVE_INFINITY },
    OnOrBefore: { from: Number.NEGATIVE_INFINITY, to: begin + day },
    Today: { from: today, to: today + day },
    Yesterday: { from: today - day, to: today },
    Tomorrow: { from: today + day, to: today + 2 * day },
    Last7Days: { from: today - 7 * day, to: now },
    Next7Days: { from: now, to: today + 8 * day },
  };
  return fixed[name] ?? countedRange(name, Number(given), now);
}

function countedRange(name: string, count: number, now: number): DateRange | undefined {
  const match = /^(Last|Next|OlderThan)X(Hours|Days|Weeks|Months|Years)$/.exec(name);
  const length = count * (units[match?.[2] ?? ""] ?? Number.NaN);
  if (match === null || Number.isNaN(length)) return undefined;
  if (match[1] === "Next") return { from: now, to: now + length };
  if (match[1] === "Last") return { from: now - length, to: now };
  return { from: Number.NEGATIVE_INFINITY, to: now - length };
}
