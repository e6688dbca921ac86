import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { type RowResult, resultKey, type SinkGroup, type SinkRow } from "../sink.ts";
import { refusal } from "./errors.ts";
import { jsonOf } from "./values.ts";

/** A row on its way, with what its reply is checked against. */
export interface SentRow {
  readonly plan: ObjectPlan;
  readonly row: SinkRow;
}

/** One `/composite/sobjects` subrequest: rows of several objects, one operation, at most 200. */
export interface Collection {
  readonly operation: SinkGroup["operation"];
  readonly rows: readonly SentRow[];
}

/** A row's answer; Collections carries no key of ours. */
export interface CollectionReply {
  readonly id?: string | null;
  readonly success: boolean;
  readonly errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields?: readonly string[];
  }[];
}

/** Most rows of one collection, and most changes of object within it (REST guide). */
const mostRows = 200;
const mostTypes = 10;

/** Packs groups into collections: mixed objects, each object's rows together. */
export function packCollections(groups: readonly SinkGroup[]): readonly Collection[] {
  const packed: Collection[] = [];
  for (const operation of ["delete", "update", "insert"] as const) {
    let rows: SentRow[] = [];
    let types = 0;
    const flush = (): void => {
      if (rows.length > 0) packed.push({ operation, rows });
      rows = [];
      types = 0;
    };
    for (const group of groups.filter((each) => each.operation === operation)) {
      if (types === mostTypes) flush();
      types += 1;
      for (const row of group.rows) {
        if (rows.length === mostRows) {
          flush();
          types = 1;
        }
        rows.push({ plan: group.plan, row });
      }
    }
    flush();
  }
  return packed;
}

/** The subrequest of a collection. Assignment rules stay off: owners are ours to set. */
export function collectionRequest(collection: Collection, referenceId: string, dataPath: string) {
  const base = `${dataPath}/composite/sobjects`;
  const httpHeaders = { "Sforce-Auto-Assign": "FALSE" };
  if (collection.operation === "delete") {
    const ids = collection.rows.map(({ row }) => row.destinationId).join(",");
    return { method: "DELETE", url: `${base}?ids=${ids}&allOrNone=false`, referenceId };
  }
  const records = collection.rows.map((sent) => recordOf(sent, collection.operation));
  const method = collection.operation === "insert" ? "POST" : "PATCH";
  return { method, url: base, referenceId, httpHeaders, body: { allOrNone: false, records } };
}

function recordOf({ plan, row }: SentRow, operation: SinkGroup["operation"]): object {
  const record: Record<string, unknown> = { attributes: { type: plan.object } };
  if (operation === "insert") record[plan.keyField] = row.key;
  else record["id"] = row.destinationId;
  // A released row loses our key.
  if (row.fields[plan.keyField] === null) record[plan.keyField] = null;
  for (const field of plan.fields) {
    const value = row.fields[field.name];
    if (value !== undefined && field.name !== plan.keyField) {
      record[field.name] = jsonOf(field, value);
    }
  }
  return record;
}

/**
 * Results of a collection by key. Its reply is an array in input order without a key of ours, so
 * order is only a hypothesis: it counts when every successful row's id is the one the key has, for
 * inserts as read back by key in the same call. Otherwise nothing is said of any row, and the
 * caller asks by key (ADR 0008).
 */
export function collectionResults(
  collection: Collection,
  replies: readonly CollectionReply[],
  createdIds: ReadonlyMap<string, string>,
): ReadonlyMap<string, RowResult> {
  const results = new Map<string, RowResult>();
  if (replies.length !== collection.rows.length) return results;
  for (const [at, sent] of collection.rows.entries()) {
    const reply = replies[at] as CollectionReply;
    const name = resultKey(sent.plan.object, sent.row.key);
    if (!reply.success) {
      results.set(name, refused(reply, sent.plan));
      continue;
    }
    const known = collection.operation === "insert" ? createdIds.get(name) : sent.row.destinationId;
    if (known === undefined || known === null || known !== reply.id) return new Map();
    results.set(name, { kind: ended[collection.operation], destinationId: known });
  }
  return results;
}

const ended = { insert: "created", update: "updated", delete: "deleted" } as const;

function refused(reply: CollectionReply, plan: ObjectPlan): RowResult {
  const [error] = reply.errors;
  if (error === undefined) return refusal("UNKNOWN_ROW_ERROR", "", [], plan.keyField);
  return refusal(error.statusCode, error.message, error.fields ?? [], plan.keyField);
}
