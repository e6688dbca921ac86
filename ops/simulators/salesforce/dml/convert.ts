import { type Field, numberTypes, type Value } from "../schema/field.ts";
import { type RowError, rowError } from "./row-error.ts";

/** A converted value, or why there is none. */
export type Converted = { readonly value: Value } | { readonly error: RowError };

const datetimeForm =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const base64Form = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const numberForm = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The value of a CSV cell that is neither empty nor `#N/A`. */
export function fromCell(field: Field, text: string): Converted {
  const trimmed = text.trim();
  if (trimmed === "") return { value: emptyValue(field) };
  if (field.type === "boolean") return booleanOf(field, trimmed);
  if (numberTypes.has(field.type)) {
    return numberForm.test(trimmed) ? numberOf(field, Number(trimmed)) : wrongType(field, text);
  }
  if (field.type === "date") {
    const date = dateOf(trimmed);
    return date === undefined ? wrongType(field, text) : { value: date };
  }
  if (field.type === "datetime") {
    const moment = datetimeOf(trimmed) ?? datetimeOf(`${trimmed}T00:00:00Z`);
    return moment === undefined ? wrongType(field, text) : { value: moment };
  }
  // Bulk API 2.0 takes no binary columns; files go by REST.
  return field.type === "base64" ? wrongType(field, "binary") : { value: trimmed };
}

/** A JSON value that does not fit a field's type: the whole request is unreadable then. */
export class WrongJsonType extends Error {
  constructor(field: Field, raw: unknown) {
    const kind = typeof raw === "string" ? "VALUE_STRING" : "VALUE";
    const text = typeof raw === "string" ? raw : JSON.stringify(raw);
    super(
      `Cannot deserialize instance of ${field.type} from ${kind} value ${text} or request may be missing a required field at [line:1, column:1]`,
    );
    this.name = "WrongJsonType";
  }
}

/** The value of a JSON property; throws `WrongJsonType` where the parser of a real org would give up. */
export function fromJson(field: Field, raw: unknown): Converted {
  if (raw === null) return { value: emptyValue(field) };
  if (field.type === "boolean") {
    if (typeof raw === "boolean") return { value: raw };
    if (raw === "true" || raw === "false") return { value: raw === "true" };
    throw new WrongJsonType(field, raw);
  }
  if (numberTypes.has(field.type)) {
    if (typeof raw === "number") return numberOf(field, raw);
    if (raw === "") return { value: null };
    if (typeof raw === "string" && numberForm.test(raw)) return numberOf(field, Number(raw));
    throw new WrongJsonType(field, raw);
  }
  if (typeof raw !== "string") throw new WrongJsonType(field, raw);
  if (field.type === "base64") {
    if (!base64Form.test(raw)) throw new WrongJsonType(field, raw.slice(0, 40));
    return { value: raw === "" ? null : raw };
  }
  const trimmed = raw.trim();
  if (trimmed === "") return { value: null };
  const moment = field.type === "date" ? dateOf(trimmed) : datetimeOf(trimmed);
  if (field.type !== "date" && field.type !== "datetime") return { value: trimmed };
  if (moment === undefined) throw new WrongJsonType(field, raw);
  return { value: moment };
}

/** What null means: a checkbox has no null. */
function emptyValue(field: Field): Value {
  return field.type === "boolean" ? false : null;
}

function booleanOf(field: Field, text: string): Converted {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "1") return { value: true };
  if (lower === "false" || lower === "0") return { value: false };
  return wrongType(field, text);
}

function numberOf(field: Field, given: number): Converted {
  const value = field.type === "int" ? Math.trunc(given) : rounded(given, field.scale);
  const wholeDigits = field.precision - field.scale;
  if (Number.isFinite(value) && Math.abs(value) < 10 ** wholeDigits) return { value };
  const text = `${field.label}: value outside of valid range on numeric field: ${given}`;
  return { error: rowError("NUMBER_OUTSIDE_VALID_RANGE", text, [field.name]) };
}

/** Rounds half away from zero in decimal, as money is rounded; 1.005 at two places is 1.01. */
export function rounded(value: number, scale: number): number {
  const text = String(Math.abs(value));
  if (text.includes("e")) return Number(value.toFixed(scale));
  const whole = Number(`${Math.round(Number(`${text}e${scale}`))}e-${scale}`);
  return value < 0 ? -whole : whole;
}

/** A calendar date, or undefined where the text names none. */
export function dateOf(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  // The years a date may have: SOAP API guide, "Primitive Data Types".
  if (text < "1700" || text > "4000-12-31") return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** A moment as ISO text in UTC with milliseconds, or undefined where the text names none. */
export function datetimeOf(text: string): string | undefined {
  if (isOwnSpelling(text)) return text;
  const match = datetimeForm.exec(text);
  if (match === null) return undefined;
  const [, date = "", hour, minute, second = "00", fraction = ".0", zone = "Z"] = match;
  if (dateOf(date) === undefined) return undefined;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const at = Date.parse(`${date}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The spelling loads send by the hundred thousand is the one kept: one look tells. */
function isOwnSpelling(text: string): boolean {
  if (text.length !== 24 || text < "1700" || text >= "4000") return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString() === text;
}

function wrongType(field: Field, text: string): Converted {
  const message = `${field.label}: value not of required type: ${text}`;
  return { error: rowError("INVALID_TYPE_ON_FIELD_IN_RECORD", message, [field.name]) };
}
