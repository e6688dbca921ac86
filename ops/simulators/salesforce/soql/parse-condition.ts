import type { TokenCursor } from "./cursor.ts";
import { isDateLiteral } from "./date-literals.ts";
import { parseAggregate, parsePath, startsAggregate } from "./parse-path.ts";
import type { Comparison, Condition, Literal, Operand, Query } from "./syntax.ts";

const comparisons: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** Parses a condition; `inner` parses the statement of a semi-join. */
export function parseCondition(cursor: TokenCursor, inner: () => Query): Condition {
  const first = parseUnary(cursor, inner);
  for (const word of ["AND", "OR"] as const) {
    if (!cursor.is(word)) continue;
    const all = [first];
    while (cursor.take(word)) all.push(parseUnary(cursor, inner));
    // AND and OR side by side need parentheses in SOQL.
    if (cursor.is("AND") || cursor.is("OR")) throw cursor.unexpected();
    return { kind: word === "AND" ? "and" : "or", all };
  }
  return first;
}

function parseUnary(cursor: TokenCursor, inner: () => Query): Condition {
  if (cursor.take("NOT")) return { kind: "not", of: parseUnary(cursor, inner) };
  if (cursor.take("(")) {
    const condition = parseCondition(cursor, inner);
    cursor.expect(")");
    return condition;
  }
  return parseComparison(cursor, inner);
}

function parseComparison(cursor: TokenCursor, inner: () => Query): Condition {
  const left = parseOperand(cursor);
  if (cursor.take("LIKE"))
    return { kind: "compare", left, op: "LIKE", value: parseLiteral(cursor) };
  if (cursor.take("INCLUDES"))
    return { kind: "includes", left, negated: false, values: texts(cursor) };
  if (cursor.take("EXCLUDES"))
    return { kind: "includes", left, negated: true, values: texts(cursor) };
  const negated = cursor.take("NOT");
  if (cursor.take("IN")) return parseIn(cursor, inner, left, negated);
  const op = comparisons[cursor.peek().text];
  if (negated || op === undefined) throw cursor.unexpected();
  cursor.next();
  return { kind: "compare", left, op, value: parseLiteral(cursor) };
}

function parseIn(
  cursor: TokenCursor,
  inner: () => Query,
  left: Operand,
  negated: boolean,
): Condition {
  cursor.expect("(");
  if (cursor.is("SELECT")) {
    const query = inner();
    cursor.expect(")");
    return { kind: "semiJoin", left, negated, query };
  }
  return { kind: "in", left, negated, values: literals(cursor) };
}

function literals(cursor: TokenCursor): Literal[] {
  const values = [parseLiteral(cursor)];
  while (cursor.take(",")) values.push(parseLiteral(cursor));
  cursor.expect(")");
  return values;
}

function texts(cursor: TokenCursor): string[] {
  cursor.expect("(");
  return literals(cursor).map((literal) => {
    if (literal.kind !== "string") throw cursor.unexpected();
    return literal.text;
  });
}

/** A column or an aggregate on the left of a comparison or in ORDER BY. */
export function parseOperand(cursor: TokenCursor): Operand {
  const { at } = cursor.peek();
  if (startsAggregate(cursor)) return { aggregate: parseAggregate(cursor), at };
  return { path: parsePath(cursor) };
}

function parseLiteral(cursor: TokenCursor): Literal {
  const token = cursor.peek();
  const { kind, text } = token;
  if (kind === "sign" || kind === "end") throw cursor.unexpected();
  cursor.next();
  if (kind === "string") return { kind, text };
  if (kind === "number") return { kind, value: Number(text) };
  if (kind === "date" || kind === "datetime") return { kind, text };
  const word = text.toUpperCase();
  if (word === "NULL") return { kind: "null" };
  if (word === "TRUE" || word === "FALSE") return { kind: "boolean", value: word === "TRUE" };
  if (!isDateLiteral(word)) {
    throw cursor.unexpected();
  }
  const n = cursor.take(":") ? cursor.whole() : undefined;
  return { kind: "dateLiteral", name: word, n };
}
