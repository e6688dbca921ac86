import { CutoverError } from "../../pipeline/core/errors.ts";
import { changeNews, sentAt } from "../change-news.ts";
import type { ChangeNews, ChangeRead, DestinationRow } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { mostQueries } from "./composite.ts";
import { replyError } from "./errors.ts";
import type { FileDigests } from "./file-digests.ts";
import { changedLinks, lateDocuments } from "./links.ts";
import { ours, rowsOf } from "./observe.ts";
import { columnsOf } from "./observed-row.ts";
import { pagesFrom, type SoqlPage, type SoqlRow, soqlPath } from "./soql-pages.ts";
import { soqlSelect, soqlTime } from "./soql.ts";

/** Most objects whose changes are asked for together: a query each. */
export const mostReads = mostQueries;

interface Subreply {
  readonly referenceId: string;
  readonly httpStatusCode: number;
  readonly body: unknown;
}

/** Rows of several objects that changed since, deleted ones too: one composite call, and a call for each further page. */
export async function* changes(
  client: SalesforceClient,
  reads: readonly ChangeRead[],
  digests: FileDigests,
): AsyncGenerator<ChangeNews> {
  const begun = performance.now();
  const reply = await client.call({
    api: "composite_query",
    method: "POST",
    path: "composite",
    body: JSON.stringify({
      allOrNone: false,
      compositeRequest: reads.map((read, at) => ({
        method: "GET",
        url: `${client.dataPath}/${firstPath(read)}`,
        referenceId: `read${at}`,
      })),
    }),
  });
  const asked = sentAt(reply.headers, performance.now() - begun, client.serverTime);
  const { compositeResponse } = JSON.parse(reply.body) as { compositeResponse: Subreply[] };
  const replies = new Map(compositeResponse.map((each) => [each.referenceId, each] as const));
  for (const [at, read] of reads.entries()) {
    const name = `read${at}`;
    const pages = changedRows(client, read, replies.get(name), digests);
    // A page that is done with makes room for those behind it.
    replies.delete(name);
    yield* changeNews(read.plan, asked, pages);
  }
}

/** The query an object's changes begin with: of links, their documents. */
function firstPath({ plan, since }: ChangeRead): string {
  if (isLinks(plan)) return soqlPath(lateDocuments(since), false);
  const condition = `${ours(plan)} AND SystemModstamp >= ${soqlTime(since)}`;
  return soqlPath(soqlSelect(columnsOf(plan), plan.object, condition), true);
}

async function* changedRows(
  client: SalesforceClient,
  { plan, since }: ChangeRead,
  reply: Subreply | undefined,
  digests: FileDigests,
): AsyncGenerator<readonly DestinationRow[]> {
  const first = pagesFrom(client, pageOf(plan.object, reply));
  const pages: AsyncIterable<readonly SoqlRow[]> = isLinks(plan)
    ? changedLinks(client, columnsOf(plan), since, first)
    : first;
  for await (const page of pages) {
    if (page.length > 0) yield await rowsOf(client, plan, page, digests);
  }
}

function pageOf(object: string, reply: Subreply | undefined): SoqlPage {
  if (reply === undefined) {
    throw new CutoverError("SINK_UNAVAILABLE", `Salesforce: no answer to the query of ${object}.`);
  }
  const { httpStatusCode: status, body } = reply;
  if (status < 300) return body as SoqlPage;
  throw replyError(status, JSON.stringify(body), `changes of ${object}`, false);
}

function isLinks({ object }: ChangeRead["plan"]): boolean {
  return object === "ContentDocumentLink";
}
