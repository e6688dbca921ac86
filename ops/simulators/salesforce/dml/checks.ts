import { type Field, textTypes, type Value, type Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { type RowError, rowError } from "./row-error.ts";

const emailForm = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** The first thing wrong with the given values of a row by length, picklist or e-mail form. */
export function checkValues(object: SObject, values: Values): RowError | undefined {
  const long = firstOf(object, values, tooLong);
  if (long !== undefined) return long;
  return firstOf(object, values, badPicklist) ?? firstOf(object, values, badEmail);
}

function firstOf(
  object: SObject,
  values: Values,
  check: (field: Field, text: string) => RowError | undefined,
): RowError | undefined {
  for (const name in values) {
    const value = values[name];
    if (typeof value !== "string") continue;
    const field = findField(object, name);
    const error = field === undefined ? undefined : check(field, value);
    if (error !== undefined) return error;
  }
  return undefined;
}

function tooLong(field: Field, text: string): RowError | undefined {
  if (!textTypes.has(field.type) || text.length * 3 <= field.length) return undefined;
  const length = field.inBytes ? Buffer.byteLength(text) : text.length;
  if (length <= field.length) return undefined;
  const message = `${field.label}: data value too large: ${text.slice(0, 255)} (max length=${field.length})`;
  return rowError("STRING_TOO_LONG", message, [field.name]);
}

function badPicklist(field: Field, text: string): RowError | undefined {
  if (!field.restricted) return undefined;
  const parts = field.type === "multipicklist" ? text.split(";") : [text];
  const known = new Set(field.values.map((value) => value.toLowerCase()));
  const wrong = parts.find((part) => !known.has(part.trim().toLowerCase()));
  if (wrong === undefined) return undefined;
  return rowError(
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    `${field.label}: bad value for restricted picklist field: ${wrong}`,
    [field.name],
  );
}

function badEmail(field: Field, text: string): RowError | undefined {
  if (field.type !== "email" || emailForm.test(text)) return undefined;
  const message = `${field.label}: invalid email address: ${text}`;
  return rowError("INVALID_EMAIL_ADDRESS", message, [field.name]);
}

/** The required fields that a new row leaves empty. */
export function checkRequired(object: SObject, values: Values): RowError | undefined {
  const missing: string[] = [];
  for (const field of object.fields.values()) {
    if (field.nillable || field.defaulted || !field.createable) continue;
    if (isEmpty(values[field.name])) missing.push(field.name);
  }
  return missing.length === 0 ? undefined : missingFields(missing);
}

/** The required fields that an update would empty. */
export function checkCleared(object: SObject, values: Values): RowError | undefined {
  const cleared = Object.keys(values).filter((name) => {
    const field = findField(object, name);
    return field?.nillable === false && isEmpty(values[name]);
  });
  return cleared.length === 0 ? undefined : missingFields(cleared);
}

function missingFields(names: readonly string[]): RowError {
  const message = `Required fields are missing: [${names.join(", ")}]`;
  return rowError("REQUIRED_FIELD_MISSING", message, names);
}

function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || value === "";
}
