import { Fault } from "./coerce.ts";

/** JSON cannot hold them as they are, so the received text shows their escapes. */
const suspicious = /\\u(?:0000|[dD][89a-fA-F])|\0/;

/**
 * The first text of a record that no destination can hold: a lone surrogate or NUL. The received
 * text is looked at first, because that is quick and nearly always enough.
 */
export function textFault(record: object, received: string): Fault | undefined {
  if (!suspicious.test(received)) return undefined;
  return faultIn(record, "");
}

function faultIn(value: unknown, path: string): Fault | undefined {
  if (typeof value === "string") {
    if (!value.isWellFormed()) return new Fault(path, "holds a lone surrogate, which is not text");
    return value.includes("\0") ? new Fault(path, "holds a NUL character") : undefined;
  }
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const fault = faultIn(inner, place);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A copy in which no text is hostile: the last body of a deleted row loads nowhere, but must be kept. */
export function withoutHostileText<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\0", "") as T;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutHostileText) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutHostileText(inner)]),
  ) as T;
}
