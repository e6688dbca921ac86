import { createHash } from "node:crypto";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import { type CanonicalRow, canonicalReader } from "./canonical-row.ts";

/** What one object holds, as a digest of its rows. */
interface ObjectDigest {
  readonly rows: number;
  readonly digest: string;
}

/** A digest of all living business rows, files and what users were given that two orgs with the same content share: no ids, no stamps, no numbers given by the order of arrival. */
export function digestOf(org: Org): { digest: string; objects: Record<string, ObjectDigest> } {
  const objects: Record<string, ObjectDigest> = {};
  const all = createHash("sha256");
  for (const object of digestedObjects(org)) {
    const read = canonicalReader(org, object);
    const sum = new Uint32Array(8);
    let rows = 0;
    for (const row of org.rows(object.name).walk({ withDeleted: false })) {
      const hash = hashOf(read(row.values));
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

/** What the digest stands for, as NDJSON: each living row of the org, lookups as keys, in an order that is its content's. */
export function* canonicalSnapshot(org: Org): Iterable<string> {
  for (const object of digestedObjects(org)) {
    const read = canonicalReader(org, object);
    const rows = org.rows(object.name);
    const order: { n: number; hash: string }[] = [];
    for (const row of rows.walk({ withDeleted: false })) {
      order.push({ n: row.n, hash: hashOf(read(row.values)).toString("base64") });
    }
    order.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
    for (const { n } of order) {
      const row = rows.get(n);
      const fields = row === undefined ? [] : read(row.values);
      yield `${JSON.stringify({ object: object.name, fields: Object.fromEntries(fields) })}\n`;
    }
  }
}

/** Rows of an object as NDJSON with ids and stamps, ordered by key. */
export function* snapshotOf(org: Org, object: SObject): Iterable<string> {
  const rows = org.rows(object.name);
  const order = [...rows.walk({ withDeleted: true })].map(({ n, values }) => ({
    n,
    key: sortKey(values),
  }));
  order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n));
  for (const { n } of order) {
    const row = rows.get(n);
    if (row !== undefined) yield `${JSON.stringify(row.values)}\n`;
  }
}

function sortKey(values: Values): string {
  const key =
    values["Source_Key__c"] ?? values["Username"] ?? values["Name"] ?? values["CaseNumber"];
  return String(key ?? "");
}

function hashOf(row: CanonicalRow): Buffer {
  return createHash("sha256").update(JSON.stringify(row)).digest();
}

/** Business objects, and users: a migration writes custom fields of theirs. */
function digestedObjects(org: Org): SObject[] {
  return org.schema.objects
    .filter((object) => !object.setup || object.name === "User")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
