import type { TokenCursor } from "./cursor.ts";
import { dateFunction } from "./date-functions.ts";
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

/** Functions that leave a value as it is here: labels are values, and times stand in UTC. */
const transparent = new Set(["TOLABEL", "FORMAT", "CONVERTTIMEZONE"]);

/** Parses `Name`, `Parent.Name`, `toLabel(Name)` or `CALENDAR_YEAR(CreatedDate)`. */
export function parsePath(cursor: TokenCursor): Path {
  const { text } = cursor.peek();
  const fn = dateFunction(text);
  if ((fn !== undefined || transparent.has(text.toUpperCase())) && cursor.peek(1).text === "(") {
    cursor.take(text.toUpperCase(), "(");
    const path = parsePath(cursor);
    cursor.expect(")");
    return fn === undefined ? path : { ...path, fn };
  }
  const first = cursor.name();
  const parts = [first.text];
  while (cursor.take(".")) parts.push(cursor.name().text);
  return { parts, at: first.at };
}
