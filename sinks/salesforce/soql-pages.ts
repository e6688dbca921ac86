import type { SalesforceClient } from "./client.ts";

/** A row as SOQL returns it, nested, or as a bulk query does, `Parent.Field` flat. */
export type SoqlRow = Readonly<Record<string, unknown>>;

/** Pages of a query; `all` includes rows in the recycle bin. */
export async function* soqlPages(
  client: SalesforceClient,
  soql: string,
  all = false,
): AsyncGenerator<readonly SoqlRow[]> {
  let path: string | undefined = `${all ? "queryAll" : "query"}?q=${encodeURIComponent(soql)}`;
  while (path !== undefined) {
    const reply = await client.call({ api: "query", method: "GET", path });
    const page = JSON.parse(reply.body) as {
      records: readonly SoqlRow[];
      done: boolean;
      nextRecordsUrl?: string;
    };
    yield page.records;
    path = page.done ? undefined : page.nextRecordsUrl;
  }
}
