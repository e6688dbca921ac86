import type { FieldValue } from "../core/load-record.ts";
import { exactDecimal } from "./exact-decimal.ts";
import { isDay } from "./rules/date.ts";
import { storable, type Years } from "./rules/datetime.ts";
import type { TargetField } from "./target-field.ts";

/** What a custom property's text is as a value of its field; undefined where it does not fit. */
export type ReadProperty = (text: string) => FieldValue | undefined;

/** Reads the values of a custom property into its field's type, without ever guessing. */
export function propertyReader(target: TargetField, years: Years): ReadProperty {
  const { precision = 18, scale = 0, length = 255, values } = target;
  switch (target.type) {
    case "boolean":
      return (text) => truths.get(text.trim().toLowerCase());
    case "int":
      return (text) => {
        const number = exactText(text, precision, 0);
        return number === undefined ? undefined : Number(number);
      };
    case "decimal":
      return (text) => exactText(text, precision, scale);
    case "date":
      return (text) => (isDay(text.trim()) ? text.trim() : undefined);
    case "datetime":
      return (text) => momentOf(text, years);
    case "picklist":
      return choiceReader(values, length);
    case "multipicklist":
      return choicesReader(values, length);
    case "url":
      return (text) => (isAddress(text.trim(), length) ? text.trim() : undefined);
    default:
      return (text) => (text.length <= length ? text : undefined);
  }
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

// A leading zero means something that a number forgets.
const numberForm = /^-?(0|[1-9]\d*)(\.\d+)?$/;

function exactText(text: string, precision: number, scale: number): string | undefined {
  if (!numberForm.test(text.trim())) return undefined;
  const number = exactDecimal(text, precision, scale);
  return typeof number === "string" ? number : undefined;
}

function isAddress(text: string, length: number): boolean {
  return text.length <= length && /^https?:\/\/\S+$/i.test(text);
}

const momentForm = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;

/** A moment needs its zone: a time without one is no point in time. */
function momentOf(text: string, years: Years): number | undefined {
  const written = text.trim();
  if (!momentForm.test(written)) return undefined;
  const at = Date.parse(written.replace(" ", "T"));
  return Number.isNaN(at) || typeof storable(at, years) !== "number" ? undefined : at;
}

function choiceReader(values: readonly string[] | undefined, length: number): ReadProperty {
  return (text) => {
    const value = text.trim();
    if (value.length > length || value.includes(";")) return undefined;
    return values === undefined || values.includes(value) ? value : undefined;
  };
}

/** A JSON list, or a text with semicolons; the order of the choices means nothing. */
function choicesReader(values: readonly string[] | undefined, length: number): ReadProperty {
  const choice = choiceReader(values, length);
  return (text) => {
    const chosen = membersOf(text)?.map(choice);
    if (chosen === undefined || chosen.includes(undefined)) return undefined;
    const members = [...new Set(chosen as string[])].filter((each) => each !== "").sort();
    const joined = members.join(";");
    return joined === "" ? null : joined.length <= length ? joined : undefined;
  };
}

function membersOf(text: string): string[] | undefined {
  if (!text.trimStart().startsWith("[")) return text.split(";");
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.every((each) => typeof each === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
