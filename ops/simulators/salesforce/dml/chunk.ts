import type { Org } from "../org.ts";
import type { Field, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import { parseId } from "../store/ids.ts";
import { deleteRow, hardDeleteRow } from "./delete.ts";
import { refused, type RowError, rowError, type RowOutcome } from "./row-error.ts";
import { insertRow, updateRow, type Writer } from "./write.ts";

/** Most rows of one transaction. */
export const chunkRows = 200;

/** One row as a client sent it, converted; `error` where that already failed. */
export interface Draft {
  readonly object: SObject;
  readonly id: string | null;
  readonly values: Values;
  readonly error?: RowError;
}

/** What is done to the rows of a chunk; an upsert names its key field, `Id` included. */
export type ChunkOperation =
  | { readonly kind: "insert" | "update" | "delete" | "hardDelete" }
  | { readonly kind: "upsert"; readonly key: Field; readonly updateOnly?: boolean };

class RolledBack extends Error {}

/** Writes up to 200 rows in one transaction. With `allOrNone`, one refused row undoes the others. */
export function writeChunk(
  org: Org,
  userId: string,
  operation: ChunkOperation,
  drafts: readonly Draft[],
  options: { allOrNone?: boolean; allowSave?: boolean; seenKeys?: Set<string> } = {},
): RowOutcome[] {
  const { access } = org.as(userId);
  const audit = operation.kind === "insert" && access.auditFields;
  const seenKeys = options.seenKeys ?? new Set<string>();
  let outcomes: RowOutcome[] = [];
  try {
    org.database.transaction(() => {
      const allowSave = options.allowSave === true;
      const stamp = org.nextStamp();
      const writer: Writer = { org: org.whole, userId, access, stamp, audit, allowSave };
      outcomes = drafts.map((draft) => writeOne(writer, operation, draft, seenKeys));
      const failed = outcomes.some((outcome) => !outcome.ok);
      if (options.allOrNone === true && failed) throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    outcomes = outcomes.map((outcome) => (outcome.ok ? rolledBack(outcome.id) : outcome));
  }
  return outcomes;
}

function rolledBack(id: string): RowOutcome {
  const message =
    "Record rolled back because not all records were valid and the request was using AllOrNone header";
  return refused(rowError("ALL_OR_NONE_OPERATION_ROLLED_BACK", message), id);
}

function writeOne(
  writer: Writer,
  operation: ChunkOperation,
  draft: Draft,
  seenKeys: Set<string>,
): RowOutcome {
  if (draft.error !== undefined) return refused(draft.error, draft.id);
  if (operation.kind === "upsert") return upsertOne(writer, operation, draft, seenKeys);
  if (operation.kind === "insert") {
    if (draft.id === null) return insertRow(writer, draft.object, draft.values);
    const message = "cannot specify Id in an insert call";
    return refused(rowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, ["Id"]));
  }
  return onExisting(writer, operation.kind, draft);
}

/** Updates or deletes the row a draft names by id. */
function onExisting(
  writer: Writer,
  kind: "update" | "delete" | "hardDelete",
  draft: Draft,
): RowOutcome {
  const { org } = writer;
  if (draft.id === null || draft.id === "") {
    return refused(rowError("MISSING_ARGUMENT", "Id not specified in an update call", ["Id"]));
  }
  const parsed = parseId(draft.id);
  if (parsed === undefined || parsed.prefix !== draft.object.keyPrefix) {
    const message = `${draft.object.name} ID: id value of incorrect type: ${draft.id}`;
    return refused(rowError("MALFORMED_ID", message, ["Id"]));
  }
  const row = org.rows(draft.object.name).get(parsed.n);
  if (row === undefined) {
    return refused(
      rowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
      parsed.id,
    );
  }
  if (kind === "delete") return deleteRow(writer, draft.object, row);
  if (kind === "hardDelete") return hardDeleteRow(writer, draft.object, row);
  return updateRow(writer, draft.object, row, draft.values);
}

function upsertOne(
  writer: Writer,
  operation: ChunkOperation & { kind: "upsert" },
  draft: Draft,
  seenKeys: Set<string>,
): RowOutcome {
  const { key } = operation;
  if (key.name === "Id") {
    const isNew = draft.id === null || draft.id === "";
    return isNew
      ? insertRow(writer, draft.object, draft.values)
      : onExisting(writer, "update", draft);
  }
  if (draft.id !== null && draft.id !== "") {
    const message = `cannot specify Id in an upsert by ${key.name}`;
    return refused(rowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, ["Id"]));
  }
  const value = draft.values[key.name];
  if (value === null || value === undefined) {
    return refused(rowError("MISSING_ARGUMENT", `${key.name} not specified`, [key.name]));
  }
  const seen = `${draft.object.name} ${key.caseSensitive ? value : String(value).toLowerCase()}`;
  if (seenKeys.has(seen)) {
    const message = `Duplicate external id specified: ${value}`;
    return refused(rowError("DUPLICATE_VALUE", message, [key.name]));
  }
  seenKeys.add(seen);
  const rows = writer.org.rows(draft.object.name);
  const hits = rows.indexes.get(key.name)?.find(value) ?? [];
  const [n] = hits;
  if (hits.length > 1) {
    const ids = hits.map((hit) => rows.get(hit)?.id ?? "").join(", ");
    const message = `${key.name}: more than one record found for external id field: [${ids}]`;
    return refused(rowError("DUPLICATE_EXTERNAL_ID", message, [key.name]));
  }
  const row = n === undefined ? undefined : rows.get(n);
  if (row === undefined) {
    if (operation.updateOnly !== true) return insertRow(writer, draft.object, draft.values);
    return refused(rowError("NOT_FOUND", "The requested resource does not exist"));
  }
  const { [key.name]: _key, ...changes } = draft.values;
  return updateRow(writer, draft.object, row, changes);
}
