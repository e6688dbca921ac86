import { datetimeOf } from "../dml/convert.ts";
import { ApiError } from "../rest/api-error.ts";
import { type Field, numberTypes, textTypes, type Value } from "../schema/field.ts";
import { parseId } from "../store/ids.ts";
import { type DaySpan, daysOf } from "./date-literals.ts";
import type { Comparison, Literal } from "./syntax.ts";

/** Whether a column's value fits a comparison. */
export type Test = (value: Value) => boolean;

/** A test of one comparison. */
export function compareTest(field: Field, op: Comparison, literal: Literal, now: number): Test {
  if (op === "LIKE") return likeTest(field, literal);
  if (literal.kind === "null") return nullTest(op);
  if (literal.kind === "dateLiteral") return spanTest(field, op, spanOf(field, literal, now));
  const wanted = keyOf(field, literal);
  if (op === "=") return (value) => folded(field, value) === wanted;
  if (op === "!=") return (value) => folded(field, value) !== wanted;
  const compare = ordered(op);
  return (value) => {
    const mine = folded(field, value);
    return mine !== null && wanted !== null && compare(mine, wanted);
  };
}

/** The comparable form of a literal for a field; throws where the type does not fit. */
export function keyOf(field: Field, literal: Literal): Value {
  if (literal.kind === "null") return null;
  if (field.type === "id" || field.type === "reference") return idKey(field, literal);
  if (field.type === "boolean") {
    return literal.kind === "boolean" ? literal.value : wrongType(field, "boolean", false);
  }
  if (numberTypes.has(field.type)) {
    return literal.kind === "number" ? literal.value : wrongType(field, field.type, false);
  }
  if (field.type === "date") {
    return literal.kind === "date" ? literal.text : wrongType(field, "date", false);
  }
  if (field.type === "datetime") {
    const moment = literal.kind === "datetime" ? datetimeOf(literal.text) : undefined;
    return moment ?? wrongType(field, "dateTime", false);
  }
  return literal.kind === "string" ? folded(field, literal.text) : wrongType(field, "string", true);
}

function idKey(field: Field, literal: Literal): Value {
  if (literal.kind !== "string") return wrongType(field, "string", true);
  if (literal.text === "") return null;
  const parsed = parseId(literal.text);
  if (parsed !== undefined) return parsed.id;
  throw new ApiError(400, "INVALID_ID_FIELD", `invalid ID field: ${literal.text}`);
}

/** A value as comparisons see it: text without case, unless the field is case-sensitive. */
export function folded(field: Field, value: Value): Value {
  if (typeof value !== "string" || field.caseSensitive) return value;
  const exact = ["id", "reference", "date", "datetime"].includes(field.type);
  return exact ? value : value.toLowerCase();
}

function ordered(op: Comparison): (a: Value, b: Value) => boolean {
  const number = (a: Value, b: Value): number =>
    a === b ? 0 : (a as number | string) < (b as number | string) ? -1 : 1;
  if (op === "<") return (a, b) => number(a, b) < 0;
  if (op === "<=") return (a, b) => number(a, b) <= 0;
  if (op === ">") return (a, b) => number(a, b) > 0;
  return (a, b) => number(a, b) >= 0;
}

function nullTest(op: Comparison): Test {
  if (op === "=") return (value) => value === null;
  return (value) => value !== null && op === "!=";
}

function spanOf(field: Field, literal: Literal & { kind: "dateLiteral" }, now: number): DaySpan {
  const isMoment = field.type === "datetime";
  if (!isMoment && field.type !== "date") return wrongType(field, field.type, false);
  const span = daysOf(literal.name, literal.n, now);
  if (span === undefined)
    throw new ApiError(400, "MALFORMED_QUERY", `${literal.name} needs a number`);
  const edge = (day: string): string => (isMoment ? `${day}T00:00:00.000Z` : day);
  return { from: edge(span.from), to: edge(span.to) };
}

function spanTest(_field: Field, op: Comparison, { from, to }: DaySpan): Test {
  const tests: Partial<Record<Comparison, (text: string) => boolean>> = {
    "=": (text) => text >= from && text < to,
    "!=": (text) => text < from || text >= to,
    "<": (text) => text < from,
    "<=": (text) => text < to,
    ">": (text) => text >= to,
    ">=": (text) => text >= from,
  };
  const test = tests[op];
  return (value) => typeof value === "string" && test?.(value) === true;
}

function likeTest(field: Field, literal: Literal): Test {
  if (!textTypes.has(field.type)) {
    const message = `invalid operator on ${field.type} field`;
    throw new ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", message);
  }
  if (literal.kind !== "string") return wrongType(field, "string", true);
  let source = "";
  for (let at = 0; at < literal.text.length; at++) {
    const char = literal.text.charAt(at);
    const escaped = char === "\\" ? literal.text.charAt(at + 1) : "";
    if (escaped === "%" || escaped === "_") {
      source += escaped;
      at += 1;
    } else if (char === "%") source += "[^]*";
    else if (char === "_") source += "[^]";
    else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  }
  const pattern = new RegExp(`^${source}$`, field.caseSensitive ? "u" : "iu");
  return (value) => typeof value === "string" && pattern.test(value);
}

function wrongType(field: Field, type: string, quoted: boolean): never {
  const not = quoted ? "" : "not ";
  const message = `value of filter criterion for field '${field.name}' must be of type ${type} and should ${not}be enclosed in quotes`;
  throw new ApiError(400, "INVALID_FIELD", message);
}
