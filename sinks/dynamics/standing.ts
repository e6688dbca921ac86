import type { DynamicsClient } from "./client.ts";
import type { TableFacts } from "./metadata.ts";

/** A row as the Web API gives it. */
export type ApiRow = Readonly<Record<string, unknown>>;

/** Conditions of one query: its address stays below 16 KB. */
const mostConditions = 200;
const mostAddress = 12_000;

/** Rows by id, with some of their columns and their `@odata.etag`; those not there are missing. */
export async function standingRows(
  client: DynamicsClient,
  table: TableFacts,
  ids: readonly string[],
  columns: readonly string[] = [],
): Promise<ReadonlyMap<string, ApiRow>> {
  const found = new Map<string, ApiRow>();
  for (const row of await rowsHolding(client, table, table.primaryId, ids, columns)) {
    found.set(idOf(table, row), row);
  }
  return found;
}

/** Rows one of whose texts, or whose id, is one of the values, compared as the database compares. */
export async function rowsHolding(
  client: DynamicsClient,
  table: TableFacts,
  name: string,
  values: readonly string[],
  columns: readonly string[],
): Promise<readonly ApiRow[]> {
  const rows: ApiRow[] = [];
  for (const some of chunks(values)) {
    const list = some.map((value) => `'${value.replaceAll("'", "''")}'`).join(",");
    const filter = `Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=[${list}])`;
    rows.push(...(await rowsWhere(client, table, filter, columns)));
  }
  return rows;
}

/** Rows whose lookup names one of the ids. */
export async function rowsReferring(
  client: DynamicsClient,
  table: TableFacts,
  lookup: string,
  ids: readonly string[],
  columns: readonly string[],
): Promise<readonly ApiRow[]> {
  const rows: ApiRow[] = [];
  for (const some of chunks(ids)) {
    const filter = some.map((id) => `_${lookup}_value eq ${id}`).join(" or ");
    rows.push(...(await rowsWhere(client, table, filter, columns)));
  }
  return rows;
}

/** A row's primary key, in lower case. */
export function idOf(table: TableFacts, row: ApiRow): string {
  return String(row[table.primaryId]).toLowerCase();
}

async function rowsWhere(
  client: DynamicsClient,
  table: TableFacts,
  filter: string,
  columns: readonly string[],
): Promise<readonly ApiRow[]> {
  const rows: ApiRow[] = [];
  const select = [table.primaryId, ...columns].join(",");
  let path: string | undefined =
    `${table.set}?$select=${select}&$filter=${encodeURIComponent(filter)}`;
  while (path !== undefined) {
    const reply = await client.call({ api: "query", method: "GET", path });
    const page = JSON.parse(reply.body) as { value: ApiRow[]; "@odata.nextLink"?: string };
    rows.push(...page.value);
    path = page["@odata.nextLink"];
  }
  return rows;
}

/** Values of one query: as many as its address has room for. */
export function* chunks(values: readonly string[]): Generator<readonly string[]> {
  let open: string[] = [];
  let length = 0;
  for (const value of new Set(values)) {
    const more = encodeURIComponent(value).length + 60;
    if (open.length === mostConditions || (open.length > 0 && length + more > mostAddress)) {
      yield open;
      [open, length] = [[], 0];
    }
    open.push(value);
    length += more;
  }
  if (open.length > 0) yield open;
}
