import { createHash } from "node:crypto";
import type { Org } from "../org.ts";
import type { Value, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { parentReader, type ParentReader } from "../soql/column.ts";

/** What one object holds, as a digest of its rows. */
interface ObjectDigest {
  readonly rows: number;
  readonly digest: string;
}

/** A digest of all living business rows that two orgs with the same content share: no ids, no stamps, no numbers given by the order of arrival. */
export function digestOf(org: Org): { digest: string; objects: Record<string, ObjectDigest> } {
  const objects: Record<string, ObjectDigest> = {};
  const all = createHash("sha256");
  for (const object of businessObjects(org)) {
    const parents = parentReader(org);
    const sum = new Uint32Array(8);
    let rows = 0;
    for (const row of org.rows(object.name).walk({ withDeleted: false })) {
      const text = JSON.stringify(canonicalRow(object, row.values, parents));
      const hash = createHash("sha256").update(text).digest();
      // Adding the hashes makes the order of rows irrelevant without sorting them all in memory.
      for (let at = 0; at < 8; at++) sum[at] = (sum[at] ?? 0) + hash.readUInt32LE(at * 4);
      rows += 1;
    }
    const digest = createHash("sha256").update(new Uint8Array(sum.buffer)).digest("hex");
    objects[object.name] = { rows, digest };
    all.update(`${object.name} ${digest}\n`);
  }
  return { digest: all.digest("hex"), objects };
}

/** Rows of an object as NDJSON with ids and stamps, ordered by key. */
export function* snapshotOf(org: Org, object: SObject): Iterable<string> {
  const rows = org.rows(object.name);
  const order = [...rows.walk({ withDeleted: true })].map(({ n, values }) => ({
    n,
    key: keyOf(values),
  }));
  order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n));
  for (const { n } of order) {
    const row = rows.get(n);
    if (row !== undefined) yield `${JSON.stringify(row.values)}\n`;
  }
}

function businessObjects(org: Org): SObject[] {
  return org.schema.objects
    .filter((object) => !object.setup)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function canonicalRow(object: SObject, values: Values, parents: ParentReader): [string, Value][] {
  const entries: [string, Value][] = [];
  for (const name of Object.keys(values).sort()) {
    const field = findField(object, name);
    const value = values[name];
    if (field === undefined || value === undefined || value === null) continue;
    if (field.type === "id" || field.audit || field.autoNumber) continue;
    if (name === "SystemModstamp" || name === "IsDeleted") continue;
    // A custom object's name defaults to its id.
    if (value === values["Id"]) continue;
    if (field.type !== "reference") entries.push([name, value]);
    else entries.push([name, keyOf(parents.parent(value)?.values ?? {})]);
  }
  return entries;
}

function keyOf(values: Values): string {
  const key =
    values["Source_Key__c"] ?? values["Username"] ?? values["Name"] ?? values["CaseNumber"];
  return String(key ?? "");
}
