import { folded } from "../rows/fold.ts";
import { badQuery } from "../web/api-error.ts";
import type { Comparison, Literal, Operand } from "./condition.ts";
import type { Predicate, Reading, Source } from "./source.ts";
import type { LiteralType, Scalar } from "./tokens.ts";

const flipped: Readonly<Record<Comparison, Comparison>> = {
  eq: "eq",
  ne: "ne",
  gt: "lt",
  ge: "le",
  lt: "gt",
  le: "ge",
};

/** The test of a comparison. */
export function comparisonOf<T>(
  op: Comparison,
  left: Operand,
  right: Operand,
  source: Source<T>,
): Predicate<T> {
  if (left.kind === "literal") {
    if (right.kind === "literal") return () => compares(op, left.value, right.value);
    return comparisonOf(flipped[op], right, left, source);
  }
  const property = source.property(left.path);
  if (right.kind === "path") {
    const other = source.property(right.path);
    return (item) => compares(op, normal(property.read(item)), normal(other.read(item)));
  }
  return literalTest(op, property, right);
}

function literalTest<T>(op: Comparison, property: Reading<T>, literal: Literal): Predicate<T> {
  refuseMismatch(op, property.type, literal.type);
  const wanted = property.type === "time" ? timeOf(literal.value, op) : normal(literal.value);
  return (item) => compares(op, normal(property.read(item)), wanted);
}

const edm: Readonly<Record<LiteralType, string>> = {
  string: "Edm.String",
  number: "Edm.Int32",
  boolean: "Edm.Boolean",
  guid: "Edm.Guid",
  time: "Edm.DateTimeOffset",
  null: "Edm.Null",
};
const operators: Readonly<Record<Comparison, string>> = {
  eq: "Equal",
  ne: "NotEqual",
  gt: "GreaterThan",
  ge: "GreaterThanOrEqual",
  lt: "LessThan",
  le: "LessThanOrEqual",
};

function refuseMismatch(op: Comparison, property: LiteralType, literal: LiteralType): void {
  if (literal === "null" || property === "null" || property === literal) return;
  throw badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${edm[property]}' and '${edm[literal]}' for operator kind '${operators[op]}'.`,
  );
}

/** A moment as rows keep it. Rows know whole seconds only, so a bound with a fraction moves to the next one. */
export function timeOf(value: Scalar, op: Comparison = "eq"): Scalar {
  if (typeof value !== "string" || value.length === 10) return value;
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw badQuery(`'${value}' is no date.`);
  const seconds = op === "ge" || op === "lt" ? Math.ceil(at / 1_000) : Math.floor(at / 1_000);
  if (op === "eq" && at % 1_000 !== 0) return "";
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

function normal(value: Scalar): Scalar {
  return typeof value === "string" ? folded(value) : value;
}

/** Compares as the service does: `ne` also takes what is empty, an order never does. */
function compares(op: Comparison, left: Scalar, right: Scalar): boolean {
  if (op === "eq") return left === right;
  if (op === "ne") return left !== right;
  if (left === null || right === null) return false;
  if (op === "gt") return left > right;
  if (op === "ge") return left >= right;
  return op === "lt" ? left < right : left <= right;
}
