import { ApiError } from "../rest/api-error.ts";
import { type TokenCursor, tokenCursor } from "./cursor.ts";
import { parseCondition, parseOperand } from "./parse-condition.ts";
import { parseAggregate, parsePath, startsAggregate } from "./parse-path.ts";
import { malformed } from "./soql-error.ts";
import type { OrderItem, Path, Query, SelectItem, TypeOf } from "./syntax.ts";
import { tokenize } from "./tokens.ts";

const longestStatement = 100_000;
const clauses = new Set([
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "LIMIT",
  "OFFSET",
  "FOR",
  "ALL",
  "USING",
  "WITH",
]);

/** Parses a whole statement; throws MALFORMED_QUERY with the place where it goes wrong. */
export function parseQuery(text: string): Query {
  if (text.length > longestStatement)
    throw malformed("SOQL statement too long", text, longestStatement);
  const cursor = tokenCursor(text, tokenize(text));
  const query = parseSelect(cursor);
  if (cursor.peek().kind !== "end") throw cursor.unexpected();
  return query;
}

function parseSelect(cursor: TokenCursor): Query {
  cursor.expect("SELECT");
  const select = listOf(cursor, () => parseItem(cursor));
  cursor.expect("FROM");
  const from = cursor.name();
  const alias = parseAlias(cursor);
  if (cursor.take("USING", "SCOPE")) cursor.name();
  const inner = (): Query => parseSelect(cursor);
  const where = cursor.take("WHERE") ? parseCondition(cursor, inner) : undefined;
  if (cursor.take("WITH")) cursor.name();
  const groupBy: Path[] = cursor.take("GROUP", "BY") ? listOf(cursor, () => parsePath(cursor)) : [];
  const having = cursor.take("HAVING") ? parseCondition(cursor, inner) : undefined;
  const orderBy = cursor.take("ORDER", "BY") ? listOf(cursor, () => parseOrder(cursor)) : [];
  const limit = cursor.take("LIMIT") ? cursor.whole() : undefined;
  const offset = cursor.take("OFFSET") ? parseOffset(cursor) : 0;
  while (cursor.take("FOR")) cursor.name();
  const allRows = cursor.take("ALL", "ROWS");
  return {
    text: cursor.text,
    select,
    from: from.text,
    fromAt: from.at,
    alias,
    where,
    groupBy,
    having,
    orderBy,
    limit,
    offset,
    allRows,
  };
}

function listOf<T>(cursor: TokenCursor, item: () => T): T[] {
  const items = [item()];
  while (cursor.take(",")) items.push(item());
  return items;
}

function parseAlias(cursor: TokenCursor): string | undefined {
  const token = cursor.peek();
  if (token.kind !== "name" || clauses.has(token.text.toUpperCase())) return undefined;
  return cursor.next().text;
}

function parseItem(cursor: TokenCursor): SelectItem {
  if (cursor.take("(")) {
    const query = parseSelect(cursor);
    cursor.expect(")");
    return { kind: "children", query };
  }
  if (cursor.is("FIELDS", "(")) return parseFields(cursor);
  if (cursor.is("TYPEOF")) return { kind: "typeOf", of: parseTypeOf(cursor) };
  if (startsAggregate(cursor)) {
    const of = parseAggregate(cursor);
    return { kind: "aggregate", of, alias: parseItemAlias(cursor) };
  }
  const path = parsePath(cursor);
  return { kind: "field", path, alias: parseItemAlias(cursor) };
}

function parseItemAlias(cursor: TokenCursor): string | undefined {
  if (cursor.peek().kind !== "name" || cursor.is("FROM")) return undefined;
  return cursor.next().text;
}

function parseFields(cursor: TokenCursor): SelectItem {
  cursor.take("FIELDS", "(");
  const which = cursor.name().text.toUpperCase();
  cursor.expect(")");
  if (which !== "ALL" && which !== "STANDARD" && which !== "CUSTOM") throw cursor.unexpected();
  return { kind: "fields", which };
}

function parseTypeOf(cursor: TokenCursor): TypeOf {
  cursor.expect("TYPEOF");
  const path = parsePath(cursor);
  const fields = (): Path[] => listOf(cursor, () => parsePath(cursor));
  const whens: TypeOf["whens"][number][] = [];
  do {
    cursor.expect("WHEN");
    const type = cursor.name().text;
    cursor.expect("THEN");
    whens.push({ type, fields: fields() });
  } while (cursor.is("WHEN"));
  const otherwise = cursor.take("ELSE") ? fields() : [];
  cursor.expect("END");
  return { path, whens, otherwise };
}

function parseOrder(cursor: TokenCursor): OrderItem {
  const of = parseOperand(cursor);
  const descending = cursor.take("DESC");
  if (!descending) cursor.take("ASC");
  const nullsLast = cursor.take("NULLS", "LAST");
  if (!nullsLast) cursor.take("NULLS", "FIRST");
  return { of, descending, nullsLast };
}

function parseOffset(cursor: TokenCursor): number {
  const offset = cursor.whole();
  if (offset <= 2_000) return offset;
  throw new ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
}
