import { ApiError, badQuery } from "./api-error.ts";
import type { KeyLiteral, Segment } from "./call.ts";

const root = /^\/api\/data\/(v9\.[0-2])(?:\/|$)/;

/** The API version of a path and what follows it, still encoded; undefined outside the API. */
export function apiPath(path: string): { version: string; rest: string } | undefined {
  const match = root.exec(path);
  return match === null
    ? undefined
    : { version: match[1] ?? "", rest: path.slice(match[0].length).replace(/\/+$/, "") };
}

/** Reads the segments of an address. It is decoded first: some clients send `/` within a quoted key as it is. */
export function segmentsOf(rest: string): Segment[] {
  let text: string;
  try {
    text = decodeURIComponent(rest);
  } catch {
    throw badQuery("The request URI is not properly encoded.");
  }
  return splitOutside(text, "/")
    .filter((part) => part !== "")
    .map(segmentOf);
}

function segmentOf(text: string): Segment {
  const open = text.indexOf("(");
  if (open < 0) return { name: text, key: undefined, rawKey: "" };
  if (!text.endsWith(")")) throw badQuery(`Bad Request - Error in query syntax: '${text}'.`);
  const rawKey = text.slice(open + 1, -1);
  return { name: text.slice(0, open), key: keyOf(rawKey), rawKey };
}

function keyOf(text: string): Record<string, KeyLiteral> {
  const key: Record<string, KeyLiteral> = {};
  if (text.trim() === "") return key;
  for (const part of splitOutside(text, ",")) {
    const match = /^\s*([A-Za-z_@][\w.]*)\s*=(.*)$/s.exec(part);
    key[match?.[1] ?? ""] = literalOf((match?.[2] ?? part).trim());
  }
  return key;
}

function literalOf(text: string): KeyLiteral {
  const single = text.startsWith("'") && text.endsWith("'") && text.length > 1;
  if (single) return { quoted: true, text: text.slice(1, -1).replaceAll("''", "'") };
  // dataverse-api puts texts into double quotes.
  const double = text.startsWith('"') && text.endsWith('"') && text.length > 1;
  return double ? { quoted: true, text: text.slice(1, -1) } : { quoted: false, text };
}

/** Splits a text at a character that stands outside of quotes and brackets. */
export function splitOutside(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let begun = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || (character === '"' && depth > 0)) quote = character;
    else if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    else if (character === mark && depth === 0) {
      parts.push(text.slice(begun, at));
      begun = at + 1;
    }
  }
  parts.push(text.slice(begun));
  return parts;
}

/** Query options by name, `+` being a space. */
export function queryOf(raw: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const part of raw.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    query.set(name, equals < 0 ? "" : decoded(part.slice(equals + 1)));
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badQuery("The query is not properly encoded.");
  }
}

const unaddressable = /[/<>*%&:\\?+#]/;

/** 400 for a key value with characters that real services cannot address, where the environment is strict. */
export function refuseUnaddressable(value: string): void {
  if (!unaddressable.test(value)) return;
  throw new ApiError(
    400,
    "0x80060888",
    "Bad Request - Error in query syntax: the key value contains characters that cannot be used in an address.",
  );
}
