import { Decimal } from "decimal.js";
import { DateTime } from "luxon";

/** What is wrong with a value, said so that a person can mend it. */
export class Fault {
  readonly field: string;
  readonly what: string;

  constructor(field: string, what: string) {
    this.field = field;
    this.what = what;
  }
}

/** Turns a received value into what the schema wants; null for an absent one. */
export type Coerce<T> = (value: unknown, field: string) => T | null | Fault;

/** Texts; numbers and booleans are written out, because ids and codes come as either. */
export const asText: Coerce<string> = (value, field) => {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return new Fault(field, `is ${kindOf(value)}, not a text`);
};

/** 32-bit whole numbers, also written as text. */
export const asInt: Coerce<number> = (value, field) => {
  if (value === null || value === undefined || value === "") return null;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && Math.abs(number) < 2 ** 31) {
    return number;
  }
  return new Fault(field, "is no whole number of 32 bits");
};

/** Whole numbers a double holds exactly, also written as text. */
export const asLong: Coerce<number> = (value, field) => {
  if (value === null || value === undefined || value === "") return null;
  const number = typeof value === "string" ? Number(value) : value;
  return Number.isSafeInteger(number)
    ? (number as number)
    : new Fault(field, "is no whole number of 53 bits");
};

const booleans = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ["true", true],
  ["false", false],
  ["1", true],
  ["0", false],
]);

/** Booleans, also as 0/1 or text. */
export const asBoolean: Coerce<boolean> = (value, field) => {
  if (value === null || value === undefined || value === "") return null;
  return booleans.get(value) ?? new Fault(field, "is neither true nor false");
};

/** Exact decimals as text; an exponent is written out. */
export const asDecimal: Coerce<string> = (value, field) => {
  if (value === null || value === undefined || value === "") return null;
  const text = String(value).trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  if (/^-?\d+(\.\d+)?[eE][+-]?\d{1,3}$/.test(text)) return new Decimal(text).toFixed();
  return new Fault(field, "is no decimal number");
};

/** Epoch milliseconds of times as the profile says they are written. */
export function asTime(
  format: "iso8601" | "epoch_s" | "epoch_ms",
  timezone: string,
): Coerce<number> {
  return (value, field) => {
    if (value === null || value === undefined || value === "") return null;
    const ms = typeof value === "string" ? isoMs(value, timezone) : epochMs(value, format);
    return Number.isSafeInteger(ms) ? ms : new Fault(field, "is no moment in time");
  };
}

function epochMs(value: unknown, format: string): number {
  if (typeof value !== "number") return Number.NaN;
  return Math.round(format === "epoch_s" ? value * 1000 : value);
}

const withOffset = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/;

function isoMs(text: string, timezone: string): number {
  // Most sources write exactly this; Date knows it best and quickest.
  if (text.length === 24 && text.endsWith("Z")) return Date.parse(text);
  if (/^\d{10}$|^\d{13}$/.test(text)) return Number(text) * (text.length === 10 ? 1000 : 1);
  const iso = text.trim().replace(" ", "T");
  const options = withOffset.test(text.trim()) ? { setZone: true } : { zone: timezone };
  return DateTime.fromISO(iso.replace(" ", ""), options).toMillis();
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : "an object";
}
