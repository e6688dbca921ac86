import type { RowResult } from "../sink.ts";
import type { Wire } from "./chain.ts";
import { refusal } from "./errors.ts";
import { jsonOf } from "./values.ts";

/** One `/composite/sobjects` subrequest: rows of several objects, one operation, at most 200. */
export interface Collection {
  readonly operation: Wire["operation"];
  readonly wires: readonly Wire[];
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
/** Inserts are proven by a query an object in the same call, which takes five subrequests in all. */
export const mostProofs = 4;

/** Objects of Salesforce's setup: one transaction with data is refused (MIXED_DML_OPERATION). */
const setupObjects: ReadonlySet<string> = new Set(["User"]);

/** Packs rows into collections: mixed objects, each object's rows together, setup apart from data. */
export function packCollections(wires: readonly Wire[]): readonly Collection[] {
  const packed: Collection[] = [];
  for (const operation of ["delete", "update", "insert"] as const) {
    const some = wires.filter((wire) => wire.operation === operation);
    const { true: setup = [], false: data = [] } = Object.groupBy(some, ({ chain }) =>
      setupObjects.has(chain.plan.object) ? "true" : "false",
    );
    for (const rows of [setup, data]) packed.push(...packOperation(operation, rows));
  }
  return packed;
}

function packOperation(operation: Wire["operation"], wires: readonly Wire[]): Collection[] {
  const packed: Collection[] = [];
  const most = operation === "insert" ? mostProofs : mostTypes;
  let open: Wire[] = [];
  let types = 0;
  let object = "";
  for (const wire of wires) {
    const { object: next } = wire.chain.plan;
    if (open.length === mostRows || (next !== object && types === most)) {
      packed.push({ operation, wires: open });
      [open, types, object] = [[], 0, ""];
    }
    if (next !== object) types += 1;
    object = next;
    open.push(wire);
  }
  if (open.length > 0) packed.push({ operation, wires: open });
  return packed;
}

/** The subrequest of a collection; its headers are those of the whole call. */
export function collectionRequest(
  { operation, wires }: Collection,
  referenceId: string,
  dataPath: string,
  httpHeaders: Readonly<Record<string, string>>,
) {
  const base = `${dataPath}/composite/sobjects`;
  if (operation === "delete") {
    const ids = wires.map(({ id }) => id).join(",");
    return { method: "DELETE", url: `${base}?ids=${ids}&allOrNone=false`, referenceId } as const;
  }
  const method = operation === "insert" ? ("POST" as const) : ("PATCH" as const);
  const body = { allOrNone: false, records: wires.map(recordOf) };
  return { method, url: base, referenceId, httpHeaders, body };
}

/** A row as Collections takes it. */
export function recordOf({ chain, operation, id, fields }: Wire): Record<string, unknown> {
  const { plan, row } = chain;
  const record: Record<string, unknown> = { attributes: { type: plan.object } };
  if (operation === "update") record["id"] = id;
  else if (plan.keyField !== "") record[plan.keyField] = row.key;
  // A released row loses our key.
  if (fields[plan.keyField] === null) record[plan.keyField] = null;
  // A user is ours from its first write.
  else if (operation === "update" && plan.identity === "user") record[plan.keyField] = row.key;
  for (const field of plan.fields) {
    const value = fields[field.name];
    if (value !== undefined && field.name !== plan.keyField) {
      record[field.name] = jsonOf(field, value);
    }
  }
  return record;
}

/**
 * Results of a collection by row. Its reply is an array in input order without a key of ours, so
 * order is only a hypothesis: it counts when every successful row's id is the one the row has, for
 * inserts when the row of that id, as read back in the same call, is the one sent (`isRow`).
 * Otherwise nothing is said of any row, and the caller asks (ADR 0008).
 */
export function collectionResults(
  { operation, wires }: Collection,
  replies: readonly CollectionReply[],
  isRow: (wire: Wire, id: string) => boolean,
): ReadonlyMap<Wire, RowResult> {
  const results = new Map<Wire, RowResult>();
  if (replies.length !== wires.length) return results;
  for (const [at, wire] of wires.entries()) {
    const reply = replies[at] as CollectionReply;
    if (!reply.success) {
      results.set(wire, refused(reply, wire));
      continue;
    }
    const { id } = reply;
    const proven = operation === "insert" ? isRow(wire, id ?? "") : wire.id === id;
    if (!proven) return new Map();
    results.set(wire, { kind: ended[operation], destinationId: id as string });
  }
  return results;
}

const ended = { insert: "created", update: "updated", delete: "deleted" } as const;

function refused({ errors }: CollectionReply, { chain }: Wire): RowResult {
  const [error] = errors;
  const { keyField } = chain.plan;
  if (error === undefined) return refusal("UNKNOWN_ROW_ERROR", "", [], keyField);
  return refusal(error.statusCode, error.message, error.fields ?? [], keyField);
}
