import type { Wire } from "./chain.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import {
  type Collection,
  type CollectionReply,
  collectionRequest,
  collectionResults,
} from "./collections.ts";
import { ProvenRows, readBacksOf } from "./read-back.ts";
import { soqlPages } from "./soql-pages.ts";

/**
 * Whether a composite call would read one of the row's texts as a reference to an earlier reply
 * (REST guide, "Composite"): `@{…}` has no escape there. It fails all rows beside it, or becomes an id.
 */
export function readsAsReference({ fields, operation }: Wire): boolean {
  if (operation === "delete") return false;
  return Object.values(fields).some((value) => typeof value === "string" && value.includes("@{"));
}

/** Writes one collection by a call of its own, where texts are texts; what it inserts is proven behind it. */
export async function sendCollection(
  client: SalesforceClient,
  collection: Collection,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { method, url, body } = collectionRequest(collection, "rows", client.dataPath, headers);
  const reply = await client.call({
    ...{ api: "collections", method, path: url, headers, write: true },
    body: JSON.stringify(body),
  });
  const replies = JSON.parse(reply.body) as readonly CollectionReply[];
  const proven = await provenRows(client, collection);
  const results = collectionResults(collection, replies, (wire, id) => proven.is(wire, id));
  for (const [wire, result] of results) wire.chain.take(wire, result);
}

/** What stands there of a collection; nothing where it cannot be read now: the rows are asked for then. */
async function provenRows(client: SalesforceClient, collection: Collection): Promise<ProvenRows> {
  const proven = new ProvenRows();
  try {
    for (const { plan, soql } of readBacksOf(collection)) {
      for await (const page of soqlPages(client, soql)) proven.add(plan, page);
    }
  } catch {
    return new ProvenRows();
  }
  return proven;
}
