import { CutoverError } from "../core/errors.ts";

const replacement = Buffer.from([0xef, 0xbf, 0xbd]);

/**
 * Refuses what the codec would change without a word: a lone surrogate comes back as U+FFFD, a map
 * key `__proto__` disappears. The encoded bytes are looked at first, because that is quick.
 */
export function refuseHostile(value: unknown, encoded: Buffer, hasMaps: boolean): void {
  if (hasMaps || mayHoldSurrogate(encoded)) walk(value, "");
}

/** Surrogates are written as ED A0..BF, or have become U+FFFD already, depending on the text's length. */
function mayHoldSurrogate(encoded: Buffer): boolean {
  for (let at = encoded.indexOf(0xed); at >= 0; at = encoded.indexOf(0xed, at + 1)) {
    if ((encoded[at + 1] ?? 0) >= 0xa0) return true;
  }
  return encoded.includes(replacement);
}

function walk(value: unknown, path: string): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) refuse(path, "a lone surrogate, which is not text");
    return;
  }
  if (value === null || typeof value !== "object" || Buffer.isBuffer(value)) return;
  for (const key of Object.getOwnPropertyNames(value)) {
    if (key === "__proto__") refuse(path, "a key named __proto__");
    if (Array.isArray(value) && key === "length") continue;
    walk((value as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`);
  }
}

function refuse(path: string, what: string): never {
  throw new CutoverError("TEXT_NOT_ENCODABLE", `${path} holds ${what}: correct it at the source.`);
}
