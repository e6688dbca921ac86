import { createHash } from "node:crypto";
import type { Org } from "../org.ts";
import type { Field, Value, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { type Found, parentReader } from "../soql/column.ts";

/** What a row says, without anything that depends on when and in which order rows came. */
export type CanonicalRow = readonly (readonly [string, Value])[];

/** Stamps of the platform that no client sets. */
const byClock: ReadonlySet<string> = new Set([
  "SystemModstamp",
  "IsDeleted",
  "CompletedDateTime",
  "ContentModifiedDate",
]);

/** Reads rows of one object in their canonical form; the bytes of a file stand there by their SHA-256. */
export function canonicalReader(org: Org, object: SObject): (values: Values) => CanonicalRow {
  const parents = parentReader(org);
  const keys = new Map<string, string>();
  const keyAt = (id: Value): string => {
    const found = parents.parent(id);
    if (found === undefined) return "";
    const known = keys.get(String(id));
    if (known !== undefined) return known;
    if (keys.size > 5_000) keys.clear();
    const key = keyOf(found, (other) => parents.parent(other));
    keys.set(String(id), key);
    return key;
  };
  return (values) =>
    contentOf(object, values).map(([field, value]) => [
      field.name,
      field.type === "reference" ? keyAt(value) : value,
    ]);
}

/** The fields of a row that are content, sorted by name. Of users, whom no migration makes, these are the custom ones. */
function contentOf(object: SObject, values: Values): [Field, Value][] {
  const entries: [Field, Value][] = [];
  for (const name of Object.keys(values).sort()) {
    const field = findField(object, name);
    const value = values[name] ?? null;
    if (field === undefined || value === null || byClock.has(name)) continue;
    if (field.type === "id" || field.audit || field.autoNumber) continue;
    if (object.setup && !field.custom && name !== "Username") continue;
    // A custom object's name defaults to its id.
    if (value !== values["Id"]) entries.push([field, value]);
  }
  return entries;
}

/** What names a row wherever it lies: its key, or else what it says; a document is its latest version. */
function keyOf({ object, values }: Found, read: (id: Value) => Found | undefined): string {
  const latest = values["LatestPublishedVersionId"];
  if (object.name === "ContentDocument" && typeof latest === "string") {
    const version = read(latest);
    if (version !== undefined) return keyOf(version, read);
  }
  const key = values["Source_Key__c"] ?? values["Username"];
  if (typeof key === "string") return key;
  const said = contentOf(object, values).filter(([field]) => field.type !== "reference");
  const text = JSON.stringify(said.map(([field, value]) => [field.name, value]));
  return `${object.name} ${createHash("sha256").update(text).digest("hex")}`;
}
