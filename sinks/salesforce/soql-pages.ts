import type { SalesforceClient } from "./salesforce-client.ts";

/** A row as SOQL returns it, nested, or as a bulk query does, `Parent.Field` flat. */
export type SoqlRow = Readonly<Record<string, unknown>>;

/** One page of a query as the REST API gives it. */
export interface SoqlPage {
  readonly records: readonly SoqlRow[];
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
}

/** The address of a query; `all` includes rows in the recycle bin. */
export function soqlPath(soql: string, all: boolean): string {
  return `${all ? "queryAll" : "query"}?q=${encodeURIComponent(soql)}`;
}

/** Pages of a query; `all` includes rows in the recycle bin. */
export async function* soqlPages(
  client: SalesforceClient,
  soql: string,
  all = false,
): AsyncGenerator<readonly SoqlRow[]> {
  const reply = await client.call({ api: "query", method: "GET", path: soqlPath(soql, all) });
  yield* pagesFrom(client, JSON.parse(reply.body) as SoqlPage);
}

/** A page that has come, and those behind it. */
export async function* pagesFrom(
  client: SalesforceClient,
  first: SoqlPage,
): AsyncGenerator<readonly SoqlRow[]> {
  yield first.records;
  let path = first.done ? undefined : first.nextRecordsUrl;
  while (path !== undefined) {
    const reply = await client.call({ api: "query", method: "GET", path });
    const page = JSON.parse(reply.body) as SoqlPage;
    yield page.records;
    path = page.done ? undefined : page.nextRecordsUrl;
  }
}
