import type { DynamicsClient } from "./client.ts";
import type { RowReading } from "./row-reading.ts";
import type { ApiRow } from "./standing.ts";

/** Rows that meet a condition, page by page; their decimals are the texts they came as. */
export async function* rowPages(
  client: DynamicsClient,
  { table, query, pageRows, plan }: RowReading,
  filter: string,
): AsyncGenerator<readonly ApiRow[]> {
  const decimals = new Set(
    plan.fields.filter(({ type }) => type === "decimal").map(({ name }) => name),
  );
  const headers = { Prefer: `odata.maxpagesize=${pageRows}` };
  let path: string | undefined = `${table.set}?${query}&$filter=${encodeURIComponent(filter)}`;
  while (path !== undefined) {
    const reply = await client.call({ api: "query", method: "GET", path, headers });
    const page = parsed(reply.body, decimals);
    yield page.value;
    path = page["@odata.nextLink"];
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
