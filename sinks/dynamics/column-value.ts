import { Decimal } from "decimal.js";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import { codes, type Refusal, refused } from "./errors.ts";
import type { ColumnFacts } from "./metadata.ts";

/** A value as JSON, or why the service would refuse it. */
export type ColumnValue = { readonly value: unknown } | { readonly refusal: Refusal };

/** A number that stays the text it is: JSON.stringify would print a float. */
const exactJson = JSON as unknown as { rawJSON(text: string): unknown };

/** What the service's XML cannot say, and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const earliest = Date.UTC(1753, 0, 1);

/**
 * A value as the column takes it, judged by what the environment says of the column: one row that is
 * refused takes all rows of its call with it, so what can be known beforehand is.
 */
export function columnValue(field: FieldPlan, column: ColumnFacts, value: FieldValue): ColumnValue {
  if (value === null || value === "") return { value: field.type === "boolean" ? false : null };
  switch (column.type) {
    case "picklist":
    case "state":
    case "status":
      return option(field, column, String(value));
    case "multiselectpicklist":
      return options(field, column, String(value));
    case "boolean":
      return { value: value === true || value === "true" };
    case "integer":
    case "bigint":
    case "decimal":
    case "double":
    case "money":
      return number(field, column, String(value));
    case "datetime":
      return field.type === "date" ? day(field, String(value)) : moment(field, value);
    default:
      return text(field, column, String(value));
  }
}

function text(field: FieldPlan, column: ColumnFacts, value: string): ColumnValue {
  if (unsayable.test(value) || !value.isWellFormed()) {
    return no(
      codes.badCharacter,
      field,
      "holds a control character, which the service cannot keep",
    );
  }
  const { length } = column;
  if (length === null || value.length <= length) return { value };
  return no(codes.textTooLong, field, `has ${value.length} characters and takes ${length}`);
}

function option(field: FieldPlan, column: ColumnFacts, label: string): ColumnValue {
  const value = column.options?.get(label);
  if (value !== undefined) return { value };
  return no(codes.notAnOption, field, `has no option "${label.slice(0, 100)}"`);
}

function options(field: FieldPlan, column: ColumnFacts, labels: string): ColumnValue {
  const values: number[] = [];
  for (const label of labels
    .split(";")
    .map((each) => each.trim())
    .filter(Boolean)) {
    const value = column.options?.get(label);
    if (value === undefined) return option(field, column, label);
    values.push(value);
  }
  return { value: values.length === 0 ? null : values.join(",") };
}

function number(field: FieldPlan, column: ColumnFacts, text: string): ColumnValue {
  const isWhole = column.type === "integer" || column.type === "bigint";
  const code = isWhole ? codes.integerRange : codes.numberRange;
  const value = parsed(text);
  if (value === undefined) return no(code, field, "is no number");
  const scaled =
    field.scale === undefined ? value : value.toDecimalPlaces(field.scale, Decimal.ROUND_HALF_UP);
  const { min, max, precision } = column;
  if ((min !== null && scaled.lt(min)) || (max !== null && scaled.gt(max))) {
    return no(code, field, `takes ${String(min)} to ${String(max)}`);
  }
  // The service would round, and say nothing.
  const places = isWhole ? 0 : precision;
  if (places !== null && scaled.decimalPlaces() > places) {
    return no(code, field, `keeps ${places} decimal places, the value has more`);
  }
  return { value: exactJson.rawJSON(scaled.toFixed()) };
}

function parsed(text: string): Decimal | undefined {
  try {
    const value = new Decimal(text);
    return value.isFinite() ? value : undefined;
  } catch {
    return undefined;
  }
}

function day(field: FieldPlan, text: string): ColumnValue {
  const date = text.slice(0, 10);
  const at = Date.parse(`${date}T00:00:00Z`);
  // The 30th of February is read as a day of March.
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === date;
  return isDay && at >= earliest ? { value: date } : impossible(field);
}

/** Whole seconds: the service keeps no more. */
function moment(field: FieldPlan, value: FieldValue): ColumnValue {
  const at = typeof value === "number" ? value : Date.parse(String(value));
  if (Number.isNaN(at) || at < earliest || at > 253_402_300_799_000) return impossible(field);
  return { value: `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z` };
}

function impossible(field: FieldPlan): ColumnValue {
  return no(codes.timeImpossible, field, "is a time outside of 1753 to 9999");
}

function no(code: string, { name }: FieldPlan, said: string): ColumnValue {
  return { refusal: refused(code, name, `${name} ${said}.`) };
}
