import { Decimal } from "decimal.js";
import type { TableDef } from "../model.ts";
import { asGuid } from "../identifier.ts";
import type { Value } from "../rows/row.ts";
import { ApiError, badPayload } from "../web/api-error.ts";
import { type Place, wrongType } from "./place.ts";
import { dateOf, isDateOnly, timeOf } from "./time-values.ts";

// XML 1.0 cannot carry these, and neither can the service.
// oxlint-disable-next-line no-control-regex
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** A value of a payload as it is kept; throws the 400 of its type. */
export function valueOf(place: Place, raw: unknown): Value {
  if (raw === null || raw === "") return null;
  switch (place.column.type) {
    case "string":
    case "memo":
    case "entityname":
    case "image":
    case "file":
    case "virtual":
      return textOf(place, raw);
    case "integer":
    case "bigint":
      return integerOf(place, raw);
    case "decimal":
    case "double":
    case "money":
      return numberOf(place, raw);
    case "boolean":
      if (typeof raw !== "boolean") throw wrongType(place, raw, "Edm.Boolean");
      return raw;
    case "picklist":
    case "state":
    case "status":
      return choiceOf(place, raw);
    case "multiselect":
      return choicesOf(place, raw);
    case "datetime":
      return isDateOnly(place.column) ? dateOf(place, raw) : timeOf(place, raw);
    case "uniqueidentifier": {
      const id = typeof raw === "string" ? asGuid(raw) : undefined;
      if (id === undefined) throw wrongType(place, raw, "Edm.Guid");
      return id;
    }
    default:
      throw lookupAsValue(place.table, place.column.logicalName);
  }
}

/** 400 for a lookup that is sent like a value. */
export function lookupAsValue(table: TableDef, name: string): ApiError {
  return badPayload(
    table.logicalName,
    `A node of type 'PrimitiveValue' was read from the JSON reader when trying to read the contents of the property '${name}'; however, a 'StartObject' node or 'PrimitiveValue' node with null value was expected.`,
  );
}

function textOf(place: Place, raw: unknown): string {
  const { column, table } = place;
  if (typeof raw !== "string") throw wrongType(place, raw, "Edm.String");
  if (unspeakable.test(raw) || !raw.isWellFormed()) {
    const message = `The field '${column.logicalName}' contains one or more invalid characters.`;
    throw new ApiError(400, "0x80040278", message);
  }
  if (column.maxLength !== undefined && raw.length > column.maxLength) {
    throw new ApiError(
      400,
      "0x80044331",
      `A validation error occurred. The length of the '${column.logicalName}' attribute of the '${table.logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    );
  }
  return raw;
}

function integerOf(place: Place, raw: unknown): number {
  const { column } = place;
  if (typeof raw !== "number" || !Number.isInteger(raw)) {
    throw wrongType(place, raw, column.type === "bigint" ? "Edm.Int64" : "Edm.Int32");
  }
  const least = column.min ?? (column.type === "bigint" ? -(2 ** 63) : -(2 ** 31));
  const most = column.max ?? (column.type === "bigint" ? 2 ** 63 : 2 ** 31 - 1);
  if (raw < least || raw > most) throw outOfRange(place, raw, "0x8004432F");
  return raw;
}

function numberOf(place: Place, raw: unknown): number {
  const { column } = place;
  if (typeof raw !== "number") {
    throw wrongType(place, raw, column.type === "double" ? "Edm.Double" : "Edm.Decimal");
  }
  const widest = column.type === "money" ? 922_337_203_685_477 : 100_000_000_000;
  if (raw < (column.min ?? -widest) || raw > (column.max ?? widest)) {
    throw outOfRange(place, raw, "0x80044330");
  }
  return rounded(raw, column.precision ?? (column.type === "money" ? 2 : 10));
}

/** A number at a column's precision, halves away from zero. */
export function rounded(value: number, places: number): number {
  return new Decimal(value).toDecimalPlaces(places, Decimal.ROUND_HALF_UP).toNumber();
}

function choiceOf(place: Place, raw: unknown): number {
  if (typeof raw !== "number" || !Number.isInteger(raw)) throw wrongType(place, raw, "Edm.Int32");
  const options = place.model.optionsOf(place.column);
  if (!options.some((option) => option.value === raw)) throw outOfRange(place, raw, "0x8004431A");
  return raw;
}

function choicesOf(place: Place, raw: unknown): string {
  if (typeof raw !== "string") throw wrongType(place, raw, "Edm.String");
  const values = raw.split(",").map((part) => Number(part.trim()));
  return [...new Set(values.map((value) => choiceOf(place, value)))]
    .sort((a, b) => a - b)
    .join(",");
}

function outOfRange({ model, table, column }: Place, raw: unknown, code: string): ApiError {
  const options = model.optionsOf(column).map((option) => option.value);
  const accepted = options.length === 0 ? "" : ` Accepted Values: ${options.join(",")}`;
  return new ApiError(
    400,
    code,
    `A validation error occurred. The value ${String(raw)} of '${column.logicalName}' on record of type '${table.logicalName}' is outside the valid range.${accepted}`,
  );
}
