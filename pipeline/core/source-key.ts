import { createHash } from "node:crypto";

const plain = /^[a-z0-9][a-z0-9._-]{0,69}$/;
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * The key a record has at every destination: entity and id, because several entities feed one
 * object. Ids that a case-folding, accent-folding or trimming destination would confuse are hashed.
 */
export function sourceKey(entity: string, id: string): string {
  return plain.test(id) && !id.startsWith("x-") ? `${entity}-${id}` : `${entity}-x-${hashed(id)}`;
}

/** 26 base32 characters (130 bits) of the id's SHA-256. */
function hashed(id: string): string {
  const bytes = createHash("sha256").update(id, "utf8").digest();
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
      if (text.length === 26) return text;
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
