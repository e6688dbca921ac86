import type { DynamicsClient } from "./client.ts";
import type { RowReading } from "./row-reading.ts";
import type { ApiRow } from "./standing.ts";

/** Rows that meet a condition, page by page; their decimals are the texts they came as. */
export async function* rowPages(
  client: DynamicsClient,
  reading: RowReading,
  filter: string,
): AsyncGenerator<readonly ApiRow[]> {
  const path = rowsPath(reading, filter);
  const headers = pageHeaders(reading.pageRows);
  const reply = await client.call({ api: "query", method: "GET", path, headers });
  yield* pagesFrom(client, reading, reply.body, headers);
}

/** Where rows that meet a condition are read. */
export function rowsPath({ table, query }: RowReading, filter: string): string {
  return `${table.set}?${query}&$filter=${encodeURIComponent(filter)}`;
}

/** What asks for pages of so many rows. */
export function pageHeaders(rows: number): Readonly<Record<string, string>> {
  return { Prefer: `odata.maxpagesize=${rows}` };
}

/** The rows of a page that has come, and of those behind it. */
export async function* pagesFrom(
  client: DynamicsClient,
  { plan }: RowReading,
  first: string,
  headers: Readonly<Record<string, string>>,
): AsyncGenerator<readonly ApiRow[]> {
  const decimals = new Set(
    plan.fields.filter(({ type }) => type === "decimal").map(({ name }) => name),
  );
  let page = parsed(first, decimals);
  for (;;) {
    yield page.value;
    const path = page["@odata.nextLink"];
    if (path === undefined) return;
    const reply = await client.call({ api: "query", method: "GET", path, headers });
    page = parsed(reply.body, decimals);
  }
}

interface Page {
  readonly value: readonly ApiRow[];
  readonly "@odata.nextLink"?: string;
}

/** A float has no room for the cents of a large amount: decimals are kept as they are written. */
function parsed(body: string, decimals: ReadonlySet<string>): Page {
  if (decimals.size === 0) return JSON.parse(body) as Page;
  const exact = (name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" && decimals.has(name) ? (context?.source ?? value) : value;
  return JSON.parse(body, exact) as Page;
}
