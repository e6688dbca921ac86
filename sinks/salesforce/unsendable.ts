import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { type Refusal, refusal } from "./errors.ts";

/** What Salesforce calls a value that a field cannot be of. */
const wrongType = "INVALID_TYPE_ON_FIELD_IN_RECORD";

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The times there are: SOAP API guide, "Primitive Data Types". */
const [earliest, latest] = [Date.UTC(1700, 0, 1), Date.UTC(4001, 0, 1) - 1];

/**
 * The refusal of the first value that must not leave: one that no parser of theirs takes spoils the
 * whole request, its neighbours with it, and half a pair of surrogates becomes another character.
 */
export function unsendable(
  { fields, keyField }: ObjectPlan,
  values: Readonly<Record<string, FieldValue>>,
): Refusal | undefined {
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || value === null || value === "") continue;
    const fault = faultOf(field, value);
    if (fault === undefined) continue;
    return refusal(wrongType, `${field.name} ${fault}.`, [field.name], keyField);
  }
  return undefined;
}

function faultOf({ type }: FieldPlan, value: FieldValue): string | undefined {
  switch (type) {
    case "boolean":
    case "file":
      return undefined;
    case "int":
    case "decimal":
      return number.test(String(value)) ? undefined : "is no number";
    case "date":
      return isDay(String(value).slice(0, 10)) ? undefined : "is no day of 1700 to 4000";
    case "datetime":
      return isMoment(value) ? undefined : "is no time of 1700 to 4000";
    default:
      return isText(String(value)) ? undefined : "holds NUL or half a pair of surrogates";
  }
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return isMoment(at) && new Date(at).toISOString().slice(0, 10) === text;
}

function isMoment(value: FieldValue): boolean {
  const at = typeof value === "number" ? value : Date.parse(String(value));
  return at >= earliest && at <= latest;
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
