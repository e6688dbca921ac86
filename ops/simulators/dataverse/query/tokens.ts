import { badQuery } from "../web/api-error.ts";

/** A piece of a filter. */
export type Token =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "literal"; readonly type: LiteralType; readonly value: Scalar }
  | { readonly kind: "alias"; readonly text: string }
  | { readonly kind: "mark"; readonly text: string };

/** What a literal or a column is to a comparison. */
export type LiteralType = "string" | "number" | "boolean" | "guid" | "time" | "null";

/** A value in a filter; times as ISO text, in UTC. */
export type Scalar = string | number | boolean | null;

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/i;
const time =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?(?![\w-])/i;
const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])/;
const name = /^[A-Za-z_][\w.]*/;

/** Cuts a filter into tokens; throws 400 for what is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let rest = text;
  while ((rest = rest.trimStart()) !== "") {
    const { token, length } = nextToken(rest, text);
    tokens.push(token);
    rest = rest.slice(length);
  }
  return tokens;
}

function nextToken(rest: string, whole: string): { token: Token; length: number } {
  const first = rest[0] ?? "";
  if (first === "'" || first === '"') return quoted(rest, first, whole);
  if ("(),/[]:=".includes(first)) return { token: { kind: "mark", text: first }, length: 1 };
  const alias = /^@\w+/.exec(rest);
  if (alias !== null) return { token: { kind: "alias", text: alias[0] }, length: alias[0].length };
  const literal = bareLiteral(rest);
  if (literal !== undefined) return literal;
  const word = name.exec(rest)?.[0];
  // `$count` and `$it` are names, too.
  const dollar = /^\$\w+/.exec(rest)?.[0];
  const found = word ?? dollar;
  if (found === undefined)
    throw badQuery(`Syntax error at position ${whole.length - rest.length} in '${whole}'.`);
  // An enum literal: its type's name stands before the quotes.
  if (word !== undefined && rest[word.length] === "'") {
    const value = quoted(rest.slice(word.length), "'", whole);
    return { token: value.token, length: word.length + value.length };
  }
  return { token: { kind: "name", text: found }, length: found.length };
}

function bareLiteral(rest: string): { token: Token; length: number } | undefined {
  const made = (
    type: LiteralType,
    value: Scalar,
    length: number,
  ): { token: Token; length: number } => ({
    token: { kind: "literal", type, value },
    length,
  });
  const id = guid.exec(rest)?.[0];
  if (id !== undefined) return made("guid", id.toLowerCase(), id.length);
  const moment = time.exec(rest)?.[0];
  if (moment !== undefined) return made("time", moment, moment.length);
  const digits = number.exec(rest)?.[0];
  if (digits !== undefined) return made("number", Number(digits), digits.length);
  const word = /^(?:true|false|null)(?![\w.])/i.exec(rest)?.[0];
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  return lower === "null" ? made("null", null, 4) : made("boolean", lower === "true", word.length);
}

function quoted(rest: string, mark: string, whole: string): { token: Token; length: number } {
  let at = 1;
  let value = "";
  for (; at < rest.length; at++) {
    if (rest[at] !== mark) value += rest[at];
    else if (rest[at + 1] === mark) {
      value += mark;
      at += 1;
    } else return { token: { kind: "literal", type: "string", value }, length: at + 1 };
  }
  throw badQuery(
    `There is an unterminated string literal at position ${whole.length} in '${whole}'.`,
  );
}
