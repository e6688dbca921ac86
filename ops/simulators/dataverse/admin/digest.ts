import { createHash } from "node:crypto";
import { userRoles } from "../auth/roles.ts";
import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { type CanonicalRow, canonicalReader } from "./canonical-row.ts";

/** What one table holds, as a digest of its rows. */
interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/** Tables no migration fills. */
const setup: ReadonlySet<string> = new Set([
  "businessunit",
  "organization",
  "publisher",
  "role",
  "solution",
  "transactioncurrency",
]);

/** A digest of all business rows that two environments with the same content share: no ids, no stamps, no numbers given by the order of arrival. */
export function digestOf(env: Environment): {
  digest: string;
  objects: Record<string, TableDigest>;
} {
  const objects: Record<string, TableDigest> = {};
  const all = createHash("sha256");
  for (const table of digestedTables(env)) {
    const read = canonicalReader(env, table);
    const sum = new Uint32Array(8);
    let rows = 0;
    for (const row of env.rows(table.logicalName).walk()) {
      const hash = hashOf(read(row));
      // Adding the hashes makes the order of rows irrelevant without sorting them all in memory.
      for (let at = 0; at < 8; at++) sum[at] = (sum[at] ?? 0) + hash.readUInt32LE(at * 4);
      rows += 1;
    }
    const digest = createHash("sha256").update(new Uint8Array(sum.buffer)).digest("hex");
    objects[table.logicalName] = { rows, digest };
    all.update(`${table.logicalName} ${digest}\n`);
  }
  all.update(`links ${linkCount(env)}\n`);
  return { digest: all.digest("hex"), objects };
}

function linkCount(env: Environment): number {
  const found = env.database.sql
    .prepare("SELECT count(*) AS n FROM link WHERE relationship <> ?")
    .get(userRoles);
  return (found as { n: number }).n;
}

/** What the digest stands for, as NDJSON: each row, lookups as keys, in an order that is its content's. */
export function* canonicalSnapshot(env: Environment): Iterable<string> {
  for (const table of digestedTables(env)) {
    const read = canonicalReader(env, table);
    const rows = env.rows(table.logicalName);
    const order: { id: string; hash: string }[] = [];
    for (const row of rows.walk())
      order.push({ id: row.id, hash: hashOf(read(row)).toString("base64") });
    order.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
    for (const { id } of order) {
      const row = rows.get(id);
      const fields = row === undefined ? [] : read(row);
      yield `${JSON.stringify({ object: table.logicalName, fields: Object.fromEntries(fields) })}\n`;
    }
  }
}

/** Rows of a table as NDJSON with ids and stamps, ordered by id. */
export function* snapshotOf(env: Environment, table: TableDef): Iterable<string> {
  for (const row of env.rows(table.logicalName).walk())
    yield `${JSON.stringify(plainRow(table, row))}\n`;
}

function plainRow(table: TableDef, row: Row): Record<string, unknown> {
  return { [table.primaryId]: row.id, versionnumber: row.version, ...row.values };
}

function hashOf(row: CanonicalRow): Buffer {
  return createHash("sha256").update(JSON.stringify(row)).digest();
}

function digestedTables(env: Environment): TableDef[] {
  return env.model.tables
    .filter((table) => !setup.has(table.logicalName))
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
}
