import { malformed } from "./soql-error.ts";

/** One token; `at` is its 0-based place in the statement. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "date" | "datetime" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const forms: readonly [Exclude<Token["kind"], "end" | "string">, RegExp][] = [
  ["datetime", /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})/y],
  ["date", /\d{4}-\d{2}-\d{2}(?![\d-])/y],
  ["number", /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["sign", /<>|!=|<=|>=|[=<>(),.:]/y],
];

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  N: "\n",
  r: "\r",
  R: "\r",
  t: "\t",
  T: "\t",
  b: "\b",
  B: "\b",
  f: "\f",
  F: "\f",
  '"': '"',
  "'": "'",
  "\\": "\\",
};

/** Cuts a statement into tokens; throws MALFORMED_QUERY at what is none. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
    if (at >= text.length) break;
    const token = text.charAt(at) === "'" ? stringAt(text, at) : plainAt(text, at);
    tokens.push(token.token);
    at = token.next;
  }
  tokens.push({ kind: "end", text: "<EOF>", at: text.length });
  return tokens;
}

function plainAt(text: string, at: number): { token: Token; next: number } {
  for (const [kind, form] of forms) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match !== null) return { token: { kind, text: match[0], at }, next: form.lastIndex };
  }
  throw malformed(`unexpected token: '${text.charAt(at)}'`, text, at);
}

/** A quoted string; a LIKE pattern keeps `\%` and `\_`, which its matcher reads. */
function stringAt(text: string, start: number): { token: Token; next: number } {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "'") return { token: { kind: "string", text: value, at: start }, next: at + 1 };
    if (char !== "\\") {
      value += char;
      continue;
    }
    at += 1;
    const escaped = text.charAt(at);
    const known = escapes[escaped];
    if (known !== undefined) value += known;
    else if (escaped === "%" || escaped === "_") value += `\\${escaped}`;
    else throw malformed(`Illegal string literal: invalid escape \\${escaped}`, text, start);
  }
  throw malformed("Illegal string literal: missing closing quote", text, start);
}
