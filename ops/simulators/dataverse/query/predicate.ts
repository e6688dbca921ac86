import { folded } from "../rows/fold.ts";
import { badQuery } from "../web/api-error.ts";
import { comparisonOf } from "./comparison.ts";
import type { Condition } from "./condition.ts";
import { functionTest } from "./crm-functions.ts";
import type { Predicate, Source } from "./source.ts";

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
