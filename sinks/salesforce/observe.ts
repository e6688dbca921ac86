import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import { bulkQueryPages } from "./bulk-query.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import type { FileDigests } from "./file-digests.ts";
import { withLatest } from "./latest-versions.ts";
import { linkPages } from "./links.ts";
import { columnsOf, idColumn, sourceKeyField, toRow } from "./observed-row.ts";
import { type SoqlRow, soqlPages, soqlPath } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlName, soqlSelect } from "./soql.ts";

/** Rows a query reads for the calls a bulk query takes: create, poll, fetch, remove. */
const mostBySoql = 10_000;

/** Old events and tasks are archived and vanish from `query` (Object Reference, Event.IsArchived). */
const archived = new Set(["Event", "Task"]);

/** All living rows of ours. Rows that carry no key are those under our parents, whoever wrote them. */
export async function* observe(
  client: SalesforceClient,
  plan: ObjectPlan,
  digests: FileDigests,
): AsyncGenerator<readonly DestinationRow[]> {
  const pages =
    plan.object === "ContentDocumentLink"
      ? linkPages(client, columnsOf(plan))
      : wholePages(client, plan);
  for await (const page of pages) yield await rowsOf(client, plan, page, digests);
}

/** The rows of a page, files as they are now. */
export async function rowsOf(
  client: SalesforceClient,
  plan: ObjectPlan,
  read: readonly SoqlRow[],
  digests: FileDigests | undefined,
): Promise<readonly DestinationRow[]> {
  const page = await withLatest(client, plan, read);
  const rows = page.map((row) => toRow(plan, row));
  return digests === undefined ? rows : digests.of(plan, page, rows);
}

/** A few pages by query, more by one bulk query: 200,000 rows cost a hundred calls the one way, ten the other. */
async function* wholePages(
  client: SalesforceClient,
  plan: ObjectPlan,
): AsyncGenerator<readonly SoqlRow[]> {
  const all = archived.has(plan.object);
  const condition = `${ours(plan)}${all ? " AND IsDeleted = false" : ""}`;
  const counted = `SELECT COUNT() FROM ${soqlName(plan.object)} WHERE ${condition}`;
  const reply = await client.call({
    api: "query",
    method: "GET",
    path: soqlPath(counted, all),
  });
  const { totalSize } = JSON.parse(reply.body) as { totalSize: number };
  const soql = soqlSelect(columnsOf(plan), plan.object, condition);
  if (totalSize > mostBySoql) yield* bulkQueryPages(client, soql, { queryAll: all });
  else if (totalSize > 0) yield* soqlPages(client, soql, all);
}

/** The condition a row of ours meets: its key, or its parent's. */
export function ours(plan: ObjectPlan): string {
  if (plan.keyField === "") {
    const parent = plan.fields.find(
      ({ reference }) => reference !== undefined && reference.byEntity === undefined,
    )?.reference;
    if (parent === undefined) throw new Error(`${plan.object} has neither a key nor one parent.`);
    return `${soqlName(`${parent.relationship}.${sourceKeyField}`)} != null`;
  }
  return `${soqlName(plan.keyField)} != null`;
}

/** Living rows by key. Keys are compared without case by Salesforce, exactly by us. */
export async function rowsByKey(
  client: SalesforceClient,
  plan: ObjectPlan,
  keys: readonly string[],
  digests?: FileDigests,
): Promise<readonly DestinationRow[]> {
  const wanted = new Set(keys);
  const rows = await rowsWhere(client, plan, plan.keyField, keys, digests);
  return rows.filter(({ key }) => key !== null && wanted.has(key));
}

/** Living rows by the id they are known by. */
export function rowsById(
  client: SalesforceClient,
  plan: ObjectPlan,
  ids: readonly string[],
  digests?: FileDigests,
): Promise<readonly DestinationRow[]> {
  if (plan.object !== "ContentDocumentLink") {
    return rowsWhere(client, plan, idColumn(plan.object), ids, digests);
  }
  return linksById(client, plan, ids);
}

async function rowsWhere(
  client: SalesforceClient,
  plan: ObjectPlan,
  column: string,
  values: readonly string[],
  digests: FileDigests | undefined,
): Promise<readonly DestinationRow[]> {
  const found: DestinationRow[] = [];
  const columns = columnsOf(plan);
  const all = archived.has(plan.object);
  const byDocument = plan.object === "ContentVersion" && column === idColumn(plan.object);
  const latest = byDocument ? " AND IsLatest = true" : "";
  const living = all ? " AND IsDeleted = false" : "";
  // What the columns take of the URI is not there for values.
  const room = 14_000 - encodeURIComponent(columns.join(",")).length;
  for (const chunk of soqlChunks(values, Math.max(1000, room))) {
    const soql = soqlSelect(columns, plan.object, `${soqlIn(column, chunk)}${latest}${living}`);
    for await (const page of soqlPages(client, soql, all)) {
      found.push(...(await rowsOf(client, plan, page, digests)));
    }
  }
  return found;
}

/** A link cannot be asked for by its id: it is read as a row of its own. */
async function linksById(
  client: SalesforceClient,
  plan: ObjectPlan,
  ids: readonly string[],
): Promise<readonly DestinationRow[]> {
  const found: DestinationRow[] = [];
  for (const id of ids) {
    const reply = await client.call({
      api: "row",
      method: "GET",
      path: `sobjects/ContentDocumentLink/${encodeURIComponent(id)}?fields=${columnsOf(plan).join(",")}`,
      accept: [404],
    });
    if (reply.statusCode === 404) continue;
    const row = toRow(plan, JSON.parse(reply.body) as SoqlRow);
    if (!row.deleted) found.push(row);
  }
  return found;
}
