import { hash } from "node:crypto";
import type { FieldValue } from "../core/load-record.ts";

/** Hash of what a row is made of, empty fields left out: a new empty field changes no row. */
export function contentHash(
  names: readonly string[],
  fields: Readonly<Record<string, FieldValue>>,
): string {
  let text = "upsert";
  for (const name of names) {
    const value = fields[name] as FieldValue;
    if (value === null) continue;
    // The length keeps texts that hold names or separators apart.
    if (typeof value === "string") text += `\n${name}:${value.length}:${value}`;
    else text += `\n${name}=${value}`;
  }
  return hash("sha1", text, "base64url");
}

/** Hash of a record of several rows: what they share, and each of them in its order. */
export function rowsHash(shared: string, rows: readonly string[]): string {
  return hash("sha1", [shared, ...rows].join("\n"), "base64url");
}

/** Hash of a delete. */
export const deleteHash: string = hash("sha1", "delete", "base64url");
