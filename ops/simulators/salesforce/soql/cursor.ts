import type { ApiError } from "../rest/api-error.ts";
import { malformed } from "./soql-error.ts";
import type { Token } from "./tokens.ts";

/** Walks over the tokens of a statement. */
export interface TokenCursor {
  readonly text: string;
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the next tokens are these keywords or signs. */
  is(...words: readonly string[]): boolean;
  /** Takes these keywords or signs when they are next. */
  take(...words: readonly string[]): boolean;
  expect(word: string): Token;
  name(): Token;
  whole(): number;
  unexpected(): ApiError;
}

/** A cursor at the first token. */
export function tokenCursor(text: string, tokens: readonly Token[]): TokenCursor {
  let at = 0;
  const end: Token = { kind: "end", text: "<EOF>", at: text.length };
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end;
  const unexpected = (): ApiError =>
    malformed(`unexpected token: '${peek().text}'`, text, peek().at);
  const fits = (token: Token, word: string): boolean =>
    (token.kind === "name" || token.kind === "sign") && token.text.toUpperCase() === word;
  const is = (...words: readonly string[]): boolean =>
    words.every((word, ahead) => fits(peek(ahead), word));
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  return {
    text,
    peek,
    next,
    is,
    take(...words) {
      const there = is(...words);
      if (there) at += words.length;
      return there;
    },
    expect(word) {
      if (!is(word)) throw unexpected();
      return next();
    },
    name() {
      if (peek().kind !== "name") throw unexpected();
      return next();
    },
    whole() {
      const token = peek();
      if (token.kind !== "number" || !/^\d+$/.test(token.text)) throw unexpected();
      at += 1;
      return Number(token.text);
    },
    unexpected,
  };
}
