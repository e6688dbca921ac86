import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { type RowResult, resultKey, type SinkGroup } from "../sink.ts";
import type { SalesforceClient } from "./client.ts";
import {
  type Collection,
  type CollectionReply,
  collectionRequest,
  collectionResults,
  packCollections,
} from "./collections.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

/** Most query and collection subrequests of one composite call (REST guide). */
const mostSubrequests = 5;

interface ReadBack {
  readonly plan: ObjectPlan;
  readonly keys: readonly string[];
}

/** One composite call: collections, and behind them the read-back of the keys they insert. */
interface CompositeCall {
  readonly collections: readonly Collection[];
  readonly readBacks: readonly ReadBack[];
}

/**
 * Writes the groups in as few composite calls as they fit. What is known when a later call fails is
 * returned; only a failure of the first is thrown.
 */
export async function sendComposite(
  client: SalesforceClient,
  groups: readonly SinkGroup[],
): Promise<Map<string, RowResult>> {
  const results = new Map<string, RowResult>();
  for (const [index, call] of packCalls(packCollections(groups)).entries()) {
    try {
      for (const [key, result] of await sendOne(client, call)) results.set(key, result);
    } catch (error) {
      if (index === 0) throw error;
      return results;
    }
  }
  return results;
}

/** Fills calls in order: deletes, updates, inserts, so that a key freed is free for its successor. */
function packCalls(collections: readonly Collection[]): readonly CompositeCall[] {
  const calls: CompositeCall[] = [];
  let open: { collections: Collection[]; readBacks: ReadBack[] } | undefined;
  for (const collection of collections) {
    const readBacks = readBacksOf(collection);
    const needed = 1 + readBacks.length;
    if (
      open === undefined ||
      open.collections.length + open.readBacks.length + needed > mostSubrequests
    ) {
      open = { collections: [], readBacks: [] };
      calls.push(open);
    }
    open.collections.push(collection);
    open.readBacks.push(...readBacks);
  }
  return calls;
}

function readBacksOf(collection: Collection): ReadBack[] {
  if (collection.operation !== "insert") return [];
  const byObject = Map.groupBy(collection.rows, ({ plan }) => plan.object);
  return [...byObject.values()].flatMap((rows) => {
    const plan = (rows[0] as (typeof rows)[0]).plan;
    return soqlChunks(rows.map(({ row }) => row.key)).map((keys) => ({ plan, keys }));
  });
}

interface Subreply {
  readonly referenceId: string;
  readonly httpStatusCode: number;
  readonly body: unknown;
}

async function sendOne(
  client: SalesforceClient,
  call: CompositeCall,
): Promise<ReadonlyMap<string, RowResult>> {
  const compositeRequest = [
    ...call.collections.map((each, at) => collectionRequest(each, `rows${at}`, client.dataPath)),
    ...call.readBacks.map((each, at) => readBackRequest(each, `keys${at}`, client.dataPath)),
  ];
  const reply = await client.call({
    api: "composite",
    method: "POST",
    path: "composite",
    headers: { "Sforce-Auto-Assign": "FALSE" },
    body: JSON.stringify({ allOrNone: false, collateSubrequests: false, compositeRequest }),
    write: true,
  });
  const { compositeResponse } = JSON.parse(reply.body) as { compositeResponse: Subreply[] };
  const byReference = new Map(compositeResponse.map((each) => [each.referenceId, each]));
  const ids = createdIds(call, byReference);
  const results = new Map<string, RowResult>();
  for (const [at, collection] of call.collections.entries()) {
    const rows = byReference.get(`rows${at}`);
    if (rows === undefined || rows.httpStatusCode >= 300) continue;
    const replies = rows.body as readonly CollectionReply[];
    for (const [key, result] of collectionResults(collection, replies, ids))
      results.set(key, result);
  }
  return results;
}

function readBackRequest({ plan, keys }: ReadBack, referenceId: string, dataPath: string) {
  const soql = soqlSelect(["Id", plan.keyField], plan.object, soqlIn(plan.keyField, keys));
  return {
    method: "GET",
    url: `${dataPath}/query?q=${encodeURIComponent(soql)}`,
    referenceId,
  };
}

/** Ids the org now has for the keys, as read behind the inserts of the same call. */
function createdIds(
  call: CompositeCall,
  byReference: ReadonlyMap<string, Subreply>,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [at, { plan }] of call.readBacks.entries()) {
    const page = byReference.get(`keys${at}`);
    if (page === undefined || page.httpStatusCode >= 300) continue;
    const { records } = page.body as { records: readonly Record<string, string>[] };
    for (const record of records) {
      ids.set(resultKey(plan.object, record[plan.keyField] as string), record["Id"] as string);
    }
  }
  return ids;
}
