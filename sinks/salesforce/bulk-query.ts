import { setTimeout as delay } from "node:timers/promises";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { bulkState } from "./bulk.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { csvRows } from "./csv.ts";

/** A row of a bulk answer: texts by column as selected (`Account.Source_Key__c` too); empty is null. */
export type BulkQueryRow = Readonly<Record<string, string | null>>;

/** How a bulk query reads. */
export interface BulkQueryOptions {
  /** Rows in the recycle bin, and archived ones, too. */
  readonly queryAll?: boolean;
  /** Most rows in hand at once. */
  readonly pageRows?: number;
  readonly signal?: AbortSignal;
}

const firstPollMs = 150;
const slowestPollMs = 3000;
/** Rows the server puts on one result page: few calls, and a page is streamed, never held. */
const resultPageRows = 50_000;

/**
 * Rows of a statement, page by page, read by a Bulk 2.0 query job that is removed afterwards: for
 * sweeps of thousands of rows, where a query would take a call for each 2,000. Throws
 * SINK_SYSTEM_UNKNOWN where the job fails.
 */
export async function* bulkQueryPages(
  client: SalesforceClient,
  soql: string,
  options: BulkQueryOptions = {},
): AsyncGenerator<readonly BulkQueryRow[]> {
  const id = await openQuery(client, soql, options.queryAll === true);
  try {
    await ended(client, id, options.signal);
    let locator: string | null = null;
    do {
      const next: string = locator === null ? "" : `&locator=${encodeURIComponent(locator)}`;
      const reply = await client.stream({
        api: "bulk_query",
        method: "GET",
        path: `jobs/query/${id}/results?maxRecords=${resultPageRows}${next}`,
        headers: { accept: "text/csv" },
      });
      yield* pagesOf(reply.body, options.pageRows ?? 2_000);
      locator = reply.headers["sforce-locator"] ?? "null";
    } while (locator !== "null");
  } finally {
    // A job left behind would only wait for its seven days; its removal must not hide an error.
    await removeQuery(client, id).catch(() => undefined);
  }
}

async function openQuery(client: SalesforceClient, query: string, all: boolean): Promise<string> {
  const reply = await client.call({
    api: "bulk_query",
    method: "POST",
    path: "jobs/query",
    body: JSON.stringify({
      operation: all ? "queryAll" : "query",
      query,
      contentType: "CSV",
      lineEnding: "LF",
      columnDelimiter: "COMMA",
    }),
  });
  return (JSON.parse(reply.body) as { id: string }).id;
}

/** Waits for a job's end; an unknown end is never taken for one. */
async function ended(
  client: SalesforceClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let waitMs = firstPollMs; ; waitMs = Math.min(slowestPollMs, waitMs * 1.5)) {
    await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    const path = `jobs/query/${id}`;
    const reply = await client.call({ api: "bulk_query", method: "GET", path });
    const info = JSON.parse(reply.body) as { state: string; errorMessage?: string };
    const state = bulkState(info.state);
    if (state === "done") return;
    if (state === "uploaded" || state === "running") continue;
    const why = info.errorMessage ?? info.state;
    throw new CutoverError("SINK_SYSTEM_UNKNOWN", `Bulk query ${id} has ended: ${why}`);
  }
}

/** Aborts a job that still runs and deletes it. */
async function removeQuery(client: SalesforceClient, id: string): Promise<void> {
  const path = `jobs/query/${id}`;
  const removed = await client.call({
    api: "bulk_query",
    method: "DELETE",
    path,
    accept: [400, 404],
  });
  if (removed.statusCode !== 400) return;
  const body = JSON.stringify({ state: "Aborted" });
  await client.call({ api: "bulk_query", method: "PATCH", path, body, accept: [400, 404] });
  await client.call({ api: "bulk_query", method: "DELETE", path, accept: [400, 404] });
}

/** Rows of one result page by column; the header stands on every page. */
async function* pagesOf(
  bytes: AsyncIterable<Uint8Array>,
  pageRows: number,
): AsyncGenerator<readonly BulkQueryRow[]> {
  let header: readonly string[] | undefined;
  let page: BulkQueryRow[] = [];
  for await (const cells of csvRows(bytes)) {
    if (header === undefined) {
      header = cells;
      continue;
    }
    const row: Record<string, string | null> = {};
    for (const [at, name] of header.entries()) row[name] = cells[at] || null;
    page.push(row);
    if (page.length < pageRows) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
