import { type Field, fieldOf, type Value } from "../schema/field.ts";

const dayMs = 86_400_000;

/** What a date function makes of a moment. */
const functions = {
  CALENDAR_YEAR: (at: Date) => at.getUTCFullYear(),
  CALENDAR_QUARTER: (at: Date) => Math.floor(at.getUTCMonth() / 3) + 1,
  CALENDAR_MONTH: (at: Date) => at.getUTCMonth() + 1,
  FISCAL_YEAR: (at: Date) => at.getUTCFullYear(),
  FISCAL_QUARTER: (at: Date) => Math.floor(at.getUTCMonth() / 3) + 1,
  FISCAL_MONTH: (at: Date) => at.getUTCMonth() + 1,
  DAY_IN_MONTH: (at: Date) => at.getUTCDate(),
  DAY_IN_WEEK: (at: Date) => at.getUTCDay() + 1,
  DAY_IN_YEAR: (at: Date) => dayInYear(at),
  WEEK_IN_MONTH: (at: Date) => Math.ceil(at.getUTCDate() / 7),
  WEEK_IN_YEAR: (at: Date) => Math.ceil(dayInYear(at) / 7),
  HOUR_IN_DAY: (at: Date) => at.getUTCHours(),
  DAY_ONLY: (at: Date) => at.toISOString().slice(0, 10),
} as const satisfies Record<string, (at: Date) => Value>;

/** A date function of SOQL; times are UTC, as they are without convertTimezone(). */
export type DateFunction = keyof typeof functions;

/** The function of a name, whatever its case. */
export function dateFunction(name: string): DateFunction | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(functions, upper) ? (upper as DateFunction) : undefined;
}

/** What a function makes of a column's value. */
export function applyDateFunction(fn: DateFunction, value: Value): Value {
  return typeof value === "string" ? functions[fn](new Date(value)) : null;
}

/** The field a function's values are of. */
export function dateFunctionField(fn: DateFunction, field: Field): Field {
  const { name, filterable } = field;
  const type = fn === "DAY_ONLY" ? "date" : "int";
  return fieldOf({ name: `${fn}(${name})`, type, precision: 9, filterable });
}

function dayInYear(at: Date): number {
  return Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / dayMs) + 1;
}
