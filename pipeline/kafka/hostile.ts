import { CutoverError } from "../core/errors.ts";

const replacement = Buffer.from([0xef, 0xbf, 0xbd]);

/**
 * Refuses what the codec would change without a word: a lone surrogate becomes U+FFFD, a map key
 * `__proto__` disappears. `encoded` is looked at first: without U+FFFD in it no surrogate was lost.
 */
export function refuseHostile(value: unknown, encoded: Buffer, hasMaps: boolean): void {
  if (!hasMaps && encoded.indexOf(replacement) < 0) return;
  walk(value, "");
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
