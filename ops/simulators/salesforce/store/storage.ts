import { rowError, type RowError } from "../dml/row-error.ts";
import { sizeOf } from "../files/blobs.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";

/** Bytes a row takes of the data storage, whatever is in it. */
const rowBytes = 2_048;
const megabyte = 1_024 * 1_024;
/** Objects whose rows count little or nothing. */
const free: ReadonlySet<string> = new Set([
  "AccountContactRelation",
  "CaseComment",
  "CaseTeamMember",
  "ContentDocument",
  "ContentDocumentLink",
  "ContentVersion",
]);

/** What is used of the two storages; a deleted row counts until it leaves the recycle bin. */
export function usedStorage(org: Org): { dataMB: number; fileMB: number } {
  return { dataMB: dataBytes(org) / megabyte, fileMB: fileBytes(org) / megabyte };
}

function dataBytes(org: Org): number {
  let rows = 0;
  for (const object of org.schema.objects) {
    if (!object.setup && !free.has(object.name)) rows += org.rows(object.name).count(true);
  }
  return rows * rowBytes;
}

interface FileSum {
  readonly bytes: number;
  /** Rows seen and transactions undone when this was true. */
  readonly rows: number;
  readonly undone: number;
}

const sums = new WeakMap<object, FileSum>();

/** Bytes of all versions of all files. */
function fileBytes(org: Org): number {
  const { database } = org;
  const rows = org.rows("ContentVersion").count(true);
  const undone = database.undone();
  const known = sums.get(database);
  if (known?.rows === rows && known.undone === undone) return known.bytes;
  const sum = database.sql.prepare(
    `SELECT coalesce(sum(json_extract(body, '$.ContentSize')), 0) AS bytes FROM "row_ContentVersion"`,
  );
  const { bytes } = sum.get() as { bytes: number };
  sums.set(database, { bytes, rows, undone });
  return bytes;
}

/** Notes a version that is about to be inserted, so that the sum need not be made again. */
export function countFile(org: Org, size: number): void {
  const bytes = fileBytes(org) + size;
  const rows = org.rows("ContentVersion").count(true) + 1;
  sums.set(org.database, { bytes, rows, undone: org.database.undone() });
}

/** Why a new row finds no room, where the quotas are enforced. */
export function storageRefusal(org: Org, object: SObject, values: Values): RowError | undefined {
  const { limits } = org.settings.current();
  if (!limits.enforced || object.setup) return undefined;
  const data = values["VersionData"];
  const isFile = object.name === "ContentVersion" && typeof data === "string";
  const full = isFile
    ? fileBytes(org) + sizeOf(data) > limits.FileStorageMB * megabyte
    : !free.has(object.name) && dataBytes(org) + rowBytes > limits.DataStorageMB * megabyte;
  return full ? rowError("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded") : undefined;
}
