import { badQuery } from "../web/api-error.ts";
import { folded } from "../rows/fold.ts";
import { functionTest } from "./crm-functions.ts";
import type { Comparison, Condition, Literal, Operand } from "./parse-filter.ts";
import type { LiteralType, Scalar } from "./tokens.ts";

/** A property of the things a filter looks at. */
export interface Reading<T> {
  readonly type: LiteralType;
  read(item: T): Scalar;
}

/** Members of a thing, for `any` and `all`. */
export interface Members<T, U> {
  readonly source: Source<U>;
  read(item: T): Iterable<U>;
}

/** What a filter may ask about a kind of thing: rows of a table, or definitions. */
export interface Source<T> {
  /** The property at the end of a path; throws 400 where there is none. */
  property(path: readonly string[]): Reading<T>;
  collection(path: readonly string[]): Members<T, unknown>;
  /** The time on the simulator's clock, for functions such as LastXDays. */
  now(): number;
}

/** Whether a thing fits. */
export type Predicate<T> = (item: T) => boolean;

/** Makes a filter a function; throws 400 for properties that are not there and types that do not fit. */
export function predicateOf<T>(condition: Condition, source: Source<T>): Predicate<T> {
  switch (condition.kind) {
    case "and": {
      const parts = condition.parts.map((part) => predicateOf(part, source));
      return (item) => parts.every((part) => part(item));
    }
    case "or": {
      const parts = condition.parts.map((part) => predicateOf(part, source));
      return (item) => parts.some((part) => part(item));
    }
    case "not": {
      const part = predicateOf(condition.part, source);
      return (item) => !part(item);
    }
    case "compare":
      return comparisonOf(condition.op, condition.left, condition.right, source);
    case "text":
      return textTestOf(condition, source);
    case "function":
      return functionTest(condition.name, source.property(condition.path), condition.values, () =>
        source.now(),
      );
    default:
      return lambdaOf(condition, source);
  }
}

const flipped: Readonly<Record<Comparison, Comparison>> = {
  eq: "eq",
  ne: "ne",
  gt: "lt",
  ge: "le",
  lt: "gt",
  le: "ge",
};

function comparisonOf<T>(
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

function textTestOf<T>(
  condition: Extract<Condition, { kind: "text" }>,
  source: Source<T>,
): Predicate<T> {
  const { op, left, right } = condition;
  if (left.kind !== "path" || right.kind !== "literal" || typeof right.value !== "string") {
    throw badQuery(`The arguments of '${op}' must be a property and a text.`);
  }
  const property = source.property(left.path);
  if (property.type !== "string") {
    throw badQuery(
      `No function signature for the function with name '${op}' matches the specified arguments.`,
    );
  }
  const wanted = folded(right.value);
  return (item) => {
    const value = property.read(item);
    if (typeof value !== "string") return false;
    const text = folded(value);
    if (op === "contains") return text.includes(wanted);
    return op === "startswith" ? text.startsWith(wanted) : text.endsWith(wanted);
  };
}

function lambdaOf<T>(
  condition: Extract<Condition, { kind: "any" | "all" }>,
  source: Source<T>,
): Predicate<T> {
  const members = source.collection(condition.path);
  const { part, variable } = condition;
  if (part === undefined) {
    return (item) => {
      for (const _member of members.read(item)) return true;
      return false;
    };
  }
  const inner = predicateOf(part, memberSource(members.source, variable));
  const wanted = condition.kind === "any";
  return (item) => {
    for (const member of members.read(item)) if (inner(member) === wanted) return wanted;
    return !wanted;
  };
}

/** The same source, its paths beginning with the lambda's variable. */
function memberSource<T>(source: Source<T>, variable: string): Source<T> {
  const bare = (path: readonly string[]): readonly string[] => {
    if (path[0] !== variable) throw badQuery(`Could not find the range variable '${variable}'.`);
    return path.slice(1);
  };
  return {
    property: (path) => source.property(bare(path)),
    collection: (path) => source.collection(bare(path)),
    now: () => source.now(),
  };
}
