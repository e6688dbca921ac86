import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { Wire } from "./chain.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import {
  type Collection,
  type CollectionReply,
  collectionRequest,
  collectionResults,
  mostProofs,
  packCollections,
} from "./collections.ts";
import type { SoqlRow } from "./soql-pages.ts";
import { readsAsReference, sendCollection } from "./lone-collection.ts";
import { ProvenRows, type ReadBack, readBacksOf } from "./read-back.ts";

/** Headers of every write: assignment rules stay off, owners are ours to set. */
export type WriteHeaders = Readonly<Record<string, string>>;

/** Most query and collection subrequests of one composite call (REST guide). */
export const mostQueries = 5;

/** One composite call: collections, and behind them the read-back of what they insert. */
interface CompositeCall {
  readonly collections: readonly Collection[];
  readonly readBacks: readonly ReadBack[];
}

/**
 * Writes rows in as few composite calls as they fit; each row's record takes its result. What is known
 * when a later call fails stays known; only a failure of the first is thrown.
 */
export async function sendComposite(
  client: SalesforceClient,
  wires: readonly Wire[],
  headers: WriteHeaders,
): Promise<void> {
  const { true: apart = [], false: usual = [] } = Object.groupBy(wires, (wire) =>
    readsAsReference(wire) ? "true" : "false",
  );
  const calls = [
    ...packCalls(packCollections(usual)).map((call) => () => sendOne(client, call, headers)),
    ...packCollections(apart).map((each) => () => sendCollection(client, each, headers)),
  ];
  for (const [index, call] of calls.entries()) {
    try {
      await call();
    } catch (error) {
      if (index === 0) throw error;
      return;
    }
  }
}

/** Fills calls in order: deletes, updates, inserts, so that a key freed is free for its successor. */
function packCalls(collections: readonly Collection[]): readonly CompositeCall[] {
  const calls: CompositeCall[] = [];
  let open: { collections: Collection[]; readBacks: ReadBack[] } | undefined;
  for (const collection of collections) {
    // Rows whose proof does not fit are asked for afterwards.
    const readBacks = readBacksOf(collection).slice(0, mostProofs);
    const needed = 1 + readBacks.length;
    if (
      open === undefined ||
      open.collections.length + open.readBacks.length + needed > mostQueries
    ) {
      open = { collections: [], readBacks: [] };
      calls.push(open);
    }
    open.collections.push(collection);
    open.readBacks.push(...readBacks);
  }
  return calls;
}

interface Subreply {
  readonly referenceId: string;
  readonly httpStatusCode: number;
  readonly body: unknown;
}

async function sendOne(
  client: SalesforceClient,
  call: CompositeCall,
  headers: WriteHeaders,
): Promise<void> {
  const { dataPath } = client;
  const compositeRequest = [
    ...call.collections.map((each, at) => collectionRequest(each, `rows${at}`, dataPath, headers)),
    ...call.readBacks.map(({ soql }, at) => ({
      method: "GET",
      url: `${dataPath}/query?q=${encodeURIComponent(soql)}`,
      referenceId: `read${at}`,
    })),
  ];
  const reply = await client.call({
    api: "composite",
    method: "POST",
    path: "composite",
    headers,
    body: JSON.stringify({ allOrNone: false, collateSubrequests: false, compositeRequest }),
    write: true,
  });
  failpoint("rows.sent");
  const { compositeResponse } = JSON.parse(reply.body) as { compositeResponse: Subreply[] };
  takeReplies(call, new Map(compositeResponse.map((each) => [each.referenceId, each])));
}

function takeReplies(call: CompositeCall, byReference: ReadonlyMap<string, Subreply>): void {
  const bodyOf = (name: string): unknown => {
    const reply = byReference.get(name);
    return reply === undefined || reply.httpStatusCode >= 300 ? undefined : reply.body;
  };
  const proven = new ProvenRows();
  for (const [at, { plan }] of call.readBacks.entries()) {
    const page = bodyOf(`read${at}`) as { records: readonly SoqlRow[] } | undefined;
    if (page !== undefined) proven.add(plan, page.records);
  }
  for (const [at, collection] of call.collections.entries()) {
    const replies = bodyOf(`rows${at}`) as readonly CollectionReply[] | undefined;
    if (replies === undefined) continue;
    const results = collectionResults(collection, replies, (wire, id) => proven.is(wire, id));
    for (const [wire, result] of results) wire.chain.take(wire, result);
  }
}
