import type { Values } from "../schema/field.ts";
import { idOf } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import type { Writer } from "./write.ts";

/** The moment of a commit as a row holds it. */
export function stampText(writer: Writer): string {
  return new Date(writer.stamp).toISOString();
}

/** Puts a row in place as the platform does in the course of a client's write: stamped, unchecked. */
export function platformInsert(writer: Writer, object: string, values: Values): string {
  const rows = writer.org.rows(object);
  const n = rows.nextCounter();
  const now = stampText(writer);
  const { userId } = writer;
  const stamps = rows.object.fields.has("createddate")
    ? { CreatedDate: now, CreatedById: userId, LastModifiedDate: now, LastModifiedById: userId }
    : {};
  rows.insert(n, writer.stamp, { ...stamps, ...values });
  return idOf(rows.object.keyPrefix, n);
}

/** Changes a row in the course of a client's write; its stamps move with it. */
export function platformUpdate(writer: Writer, object: string, row: Row, changes: Values): void {
  const rows = writer.org.rows(object);
  const stamps = rows.object.fields.has("lastmodifieddate")
    ? { LastModifiedDate: stampText(writer), LastModifiedById: writer.userId }
    : {};
  rows.update(row, writer.stamp, { ...row.values, ...stamps, ...changes });
}

/** Living rows of an object whose indexed lookup names a row. */
export function rowsNaming(writer: Writer, object: string, field: string, id: unknown): Row[] {
  if (typeof id !== "string") return [];
  const rows = writer.org.rows(object);
  const hits = rows.indexes.get(field)?.find(id) ?? [];
  return hits.flatMap((n) => rows.get(n) ?? []);
}
