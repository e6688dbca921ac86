import { createHash } from "node:crypto";

/** Namespace of all ids made from source keys; it never changes, or every row would be created anew. */
const namespace = Buffer.from("7d0c1f3e52c84a6b9a3f6d5be0a4c271", "hex");

/**
 * The primary key of the row that stands for a source key: a name-based UUID (RFC 9562, version 5) of
 * `<object>|<key>`. A create that is repeated meets itself, and what became of it is asked by this id.
 */
export function rowGuid(object: string, key: string): string {
  const digest = createHash("sha1").update(namespace).update(`${object}|${key}`).digest();
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const lengths = [8, 4, 4, 4, 12];
  let at = 0;
  return lengths.map((length) => hex.slice(at, (at += length))).join("-");
}
