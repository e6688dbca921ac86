import type { TokenCursor } from "./cursor.ts";
import type { Aggregate, AggregateName, Path } from "./syntax.ts";

const aggregates = new Set<string>(["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"]);

/** Whether an aggregate function comes next. */
export function startsAggregate(cursor: TokenCursor): boolean {
  return aggregates.has(cursor.peek().text.toUpperCase()) && cursor.peek(1).text === "(";
}

/** Parses `FN(column)` or `COUNT()`. */
export function parseAggregate(cursor: TokenCursor): Aggregate {
  const fn = cursor.name().text.toUpperCase() as AggregateName;
  cursor.expect("(");
  const path = cursor.is(")") ? undefined : parsePath(cursor);
  cursor.expect(")");
  return { fn, path };
}

/** Parses `Name`, `Parent.Name` or `toLabel(Name)`. */
export function parsePath(cursor: TokenCursor): Path {
  if (cursor.is("TOLABEL", "(")) {
    cursor.take("TOLABEL", "(");
    const path = parsePath(cursor);
    cursor.expect(")");
    return path;
  }
  const first = cursor.name();
  const parts = [first.text];
  while (cursor.take(".")) parts.push(cursor.name().text);
  return { parts, at: first.at };
}
