import { badQuery } from "../web/api-error.ts";
import type { Source } from "./source.ts";
import type { Scalar } from "./tokens.ts";

/** Plain objects, such as definitions, as a filter sees them: any property of any type, `a/b` within `a`. */
export function objectSource(now: () => number): Source<object> {
  return {
    property: (path) => ({ type: "null", read: (item) => scalarAt(item, path) }),
    collection(path) {
      const read = (item: object): Iterable<object> => {
        const found = valueAt(item, path);
        return Array.isArray(found) ? (found as object[]) : [];
      };
      if (path.length === 0) throw badQuery("The collection is missing.");
      return {
        source: objectSource(now),
        read: read as (item: object) => Iterable<unknown>,
      };
    },
    now,
  };
}

function valueAt(item: object, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function scalarAt(item: object, path: readonly string[]): Scalar {
  const value = valueAt(item, path);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : null;
}
