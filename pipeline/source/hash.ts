import { hash } from "node:crypto";
import { composedFields } from "./entity-schema.ts";
import type { SourceEntity } from "../core/source-record.ts";

/** What never counts as a change: how the record came to be, and the payload behind it. */
const uncounted: Readonly<Record<string, undefined>> = {
  meta: undefined,
  raw: undefined,
  source_url: undefined,
};

/** Signed anew with every answer. */
const signed: Readonly<Partial<Record<SourceEntity, readonly string[]>>> = {
  attachment: ["url", "url_expires_at"],
};

/** Hashes of one entity's records; the same content gives the same text, whoever built the object. */
export interface ContentHash {
  /** What the row itself said, without the members. */
  own(record: object): string;
  /** The whole record, given the hash of its own part. */
  whole(own: string, record: object): string;
}

/** The hashes of an entity; `volatile` fields change without a change. */
export function contentHash(entity: SourceEntity, volatile: readonly string[]): ContentHash {
  const members = composedFields[entity] ?? [];
  const left = {
    ...uncounted,
    ...Object.fromEntries(
      [...volatile, ...(signed[entity] ?? []), ...members].map((name) => [name, undefined]),
    ),
  };
  return {
    own: (record) => digest({ ...record, ...left }),
    whole: (own, record) =>
      members.length === 0
        ? own
        : digest([own, ...members.map((name) => (record as Record<string, unknown>)[name])]),
  };
}

/** SHA-256, hex, 32 characters. Records are built in the schema's order, so their JSON is canonical. */
export function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value), "hex").slice(0, 32);
}
