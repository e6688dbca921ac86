import { dropBlob } from "../files/blobs.ts";
import type { Org } from "../org.ts";
import { parseId } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { noAccess, refused, rowError, type RowOutcome, unsupported } from "./row-error.ts";
import { checkUnique } from "./unique.ts";
import type { Writer } from "./write.ts";

/** How long deleted rows can be brought back. */
const keptMs = 15 * 86_400_000;
/** How long `deleted` lists tell of a row that is gone. */
const toldMs = 30 * 86_400_000;

interface Entry {
  readonly object: string;
  readonly n: number;
  readonly at: number;
}

/** Moves a row to the bin; `root` is the row whose deletion takes it along, and whose return brings it back. */
export function binRow(writer: Writer, object: string, row: Row, root: string): void {
  const { org, stamp } = writer;
  org.rows(object).setDeleted(row, stamp, true);
  org.database.sql
    .prepare("INSERT OR REPLACE INTO bin VALUES (?, ?, ?, ?, 0)")
    .run(object, row.n, root, org.clock.now());
}

/** Brings a row back with everything its deletion took along. REST has no such call, SOAP has. */
export function undelete(writer: Writer, id: string): RowOutcome {
  const { org } = writer;
  const object = org.schema.byPrefix(parseId(id)?.prefix ?? "");
  const row = object === undefined ? undefined : org.rows(object.name).byId(id);
  if (object === undefined || row === undefined || !row.deleted) {
    return refused(rowError("UNDELETE_FAILED", "Entity is not in the recycle bin"), id);
  }
  if (object.refuses.has("undelete")) return refused(unsupported(object, "undelete"), row.id);
  if (!writer.access.object(object).edit) return refused(noAccess(), row.id);
  const entries = org.database.sql
    .prepare("SELECT object, n, at FROM bin WHERE root = ? AND purged = 0")
    .all(row.id) as unknown as Entry[];
  if (entries.length === 0) {
    const message = "The record was deleted along with its parent; undelete the parent";
    return refused(rowError("UNDELETE_FAILED", message), row.id);
  }
  const group = entries.map((entry) => ({ entry, row: org.rows(entry.object).get(entry.n) }));
  for (const one of group) {
    const taken =
      one.row && checkUnique(org, org.rows(one.entry.object).object, one.row.values, one.row);
    if (taken !== undefined) return refused(taken, row.id);
  }
  for (const one of group) {
    if (one.row !== undefined) org.rows(one.entry.object).setDeleted(one.row, writer.stamp, false);
  }
  org.database.sql.prepare("DELETE FROM bin WHERE root = ?").run(row.id);
  return { ok: true, id: row.id, created: false };
}

/** Drops a deleted row, and what went with it, for good: `emptyRecycleBin` and hard deletes. */
export function purge(org: Org, given: string): RowOutcome {
  const id = parseId(given)?.id ?? given;
  const entries = org.database.sql
    .prepare("SELECT object, n, at FROM bin WHERE root = ? AND purged = 0")
    .all(id) as unknown as Entry[];
  if (entries.length === 0) {
    return refused(rowError("INVALID_ID_FIELD", "Record is not in the recycle bin"), id);
  }
  dropAll(org, entries);
  return { ok: true, id, created: false };
}

/** Drops what has been in the bin for 15 days. */
export function purgeOld(org: Org): void {
  const { sql } = org.database;
  const entries = sql
    .prepare("SELECT object, n, at FROM bin WHERE at < ? AND purged = 0")
    .all(org.clock.now() - keptMs);
  dropAll(org, entries as unknown as Entry[]);
  sql.prepare("DELETE FROM bin WHERE at < ? AND purged = 1").run(org.clock.now() - toldMs);
}

/** Rows of an object that were deleted in a span of time, also those no longer in the bin. */
export function deletedBetween(
  org: Org,
  object: string,
  from: number,
  to: number,
): readonly { n: number; at: number }[] {
  return org.database.sql
    .prepare("SELECT object, n, at FROM bin WHERE object = ? AND at BETWEEN ? AND ? ORDER BY at, n")
    .all(object, from, to) as unknown as Entry[];
}

function dropAll(org: Org, entries: readonly Entry[]): void {
  const mark = org.database.sql.prepare("UPDATE bin SET purged = 1 WHERE object = ? AND n = ?");
  const blobs = new Set<string>();
  org.database.transaction(() => {
    for (const { object, n } of entries) {
      const row = org.schema.find(object) === undefined ? undefined : org.rows(object).get(n);
      if (row === undefined) continue;
      if (object === "ContentVersion") blobs.add(String(row.values["VersionData"]));
      org.rows(object).drop(row);
      mark.run(object, n);
    }
  });
  dropUnused(org, blobs);
}

/** Removes the bytes that no version holds any more. */
function dropUnused(org: Org, blobs: Set<string>): void {
  if (blobs.size === 0) return;
  const used = org.database.sql
    .prepare(`SELECT json_extract(body, '$.VersionData') AS blob FROM "row_ContentVersion"`)
    .iterate();
  for (const row of used) blobs.delete(String(row["blob"]));
  for (const blob of blobs) dropBlob(org, blob);
}
