import { ApiError } from "../rest/api-error.ts";
import type { Field, Value } from "../schema/field.ts";
import { type Test, compareTest, folded, keyOf } from "./match.ts";
import type { Comparison, Condition, Literal, Operand, Query } from "./syntax.ts";

/** Where a condition's left side gets its values: `S` is a row or a group. */
export interface Source<S> {
  readonly field: Field;
  /** Lookups before the field; a condition on a parent cannot use an index. */
  readonly direct: boolean;
  read(subject: S): Value;
}

/** One comparison, ready to test; `keys` are the only values it accepts, where it is that kind. */
export interface Leaf<S> {
  readonly source: Source<S>;
  readonly test: Test;
  readonly keys: readonly Value[] | undefined;
  readonly op: Comparison | undefined;
  readonly literal: Literal | undefined;
}

/** A condition ready to test, with the comparisons that must all hold. */
export interface Bound<S> {
  test(subject: S): boolean;
  readonly leaves: readonly Leaf<S>[];
}

/** What binding needs: columns by name, the time for date literals, and the answers of inner statements. */
export interface Binder<S> {
  readonly now: number;
  source(operand: Operand): Source<S>;
  /** The values an inner statement selects. */
  inner(query: Query): readonly Value[];
}

/** Binds a condition to its columns. */
export function bind<S>(binder: Binder<S>, condition: Condition): Bound<S> {
  switch (condition.kind) {
    case "and": {
      const all = condition.all.map((one) => bind(binder, one));
      return {
        test: (subject) => all.every((one) => one.test(subject)),
        leaves: all.flatMap((one) => one.leaves),
      };
    }
    case "or": {
      const all = condition.all.map((one) => bind(binder, one));
      return { test: (subject) => all.some((one) => one.test(subject)), leaves: [] };
    }
    case "not": {
      const of = bind(binder, condition.of);
      return { test: (subject) => !of.test(subject), leaves: [] };
    }
    default:
      return ofLeaf(leafOf(binder, condition));
  }
}

function ofLeaf<S>(leaf: Leaf<S>): Bound<S> {
  return { test: (subject) => leaf.test(leaf.source.read(subject)), leaves: [leaf] };
}

type LeafCondition = Exclude<Condition, { kind: "and" | "or" | "not" }>;

function leafOf<S>(binder: Binder<S>, condition: LeafCondition): Leaf<S> {
  const source = binder.source(condition.left);
  const { field } = source;
  if (!field.filterable) {
    const message = `field '${field.name}' can not be filtered in a query call`;
    throw new ApiError(400, "INVALID_FIELD", message);
  }
  const plain = { source, op: undefined, literal: undefined, keys: undefined };
  if (condition.kind === "compare") {
    const { op, value: literal } = condition;
    const test = compareTest(field, op, literal, binder.now);
    const exact = op === "=" && literal.kind !== "dateLiteral" && literal.kind !== "null";
    return { source, test, op, literal, keys: exact ? [keyOf(field, literal)] : undefined };
  }
  if (condition.kind === "includes") return { ...plain, test: includesTest(condition) };
  const keys =
    condition.kind === "in"
      ? condition.values.map((literal) => keyOf(field, literal))
      : binder.inner(condition.query).map((value) => folded(field, value));
  const set = new Set(keys);
  if (condition.negated) return { ...plain, test: (value) => !set.has(folded(field, value)) };
  const withNull = set.has(null);
  const test: Test = (value) => set.has(folded(field, value));
  return { ...plain, test, keys: withNull ? undefined : [...set] };
}

/** Each wanted text may join values with `;`: then all of them must be there. */
function includesTest(condition: Condition & { kind: "includes" }): Test {
  const wanted = condition.values.map((text) => text.toLowerCase().split(";"));
  return (value) => {
    const mine = new Set(typeof value === "string" ? value.toLowerCase().split(";") : []);
    const hit = wanted.some((all) => all.every((one) => mine.has(one)));
    return hit !== condition.negated;
  };
}
