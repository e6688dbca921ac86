import { CutoverError } from "../../pipeline/core/errors.ts";
import { readBatch } from "./batch-read.ts";
import { chunksOf } from "./chunks.ts";
import type { DynamicsClient } from "./client.ts";
import type { TableFacts } from "./metadata.ts";
import { replyError } from "./reply-error.ts";

/** A row as the Web API gives it. */
export type ApiRow = Readonly<Record<string, unknown>>;

/** Conditions of one query: its address stays below 16 KB. */
const mostConditions = 200;
const mostAddress = 12_000;
/** Queries of one call: they run one after another. */
const mostQueries = 30;

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
  const filters = Array.from(chunks(values), (some) => {
    const list = some.map((value) => `'${value.replaceAll("'", "''")}'`).join(",");
    return `Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=[${list}])`;
  });
  return rowsWhere(client, table, filters, columns);
}

/** Rows whose lookup names one of the ids. */
export async function rowsReferring(
  client: DynamicsClient,
  table: TableFacts,
  lookup: string,
  ids: readonly string[],
  columns: readonly string[],
): Promise<readonly ApiRow[]> {
  const filters = Array.from(chunks(ids), (some) =>
    some.map((id) => `_${lookup}_value eq ${id}`).join(" or "),
  );
  return rowsWhere(client, table, filters, columns);
}

/** A row's primary key, in lower case. */
export function idOf(table: TableFacts, row: ApiRow): string {
  return String(row[table.primaryId]).toLowerCase();
}

/** Rows that meet one of the conditions: a call for several of them, and one for each further page. */
async function rowsWhere(
  client: DynamicsClient,
  table: TableFacts,
  filters: readonly string[],
  columns: readonly string[],
): Promise<readonly ApiRow[]> {
  const rows: ApiRow[] = [];
  const select = [table.primaryId, ...columns].join(",");
  const path = (filter: string): string =>
    `${table.set}?$select=${select}&$filter=${encodeURIComponent(filter)}`;
  for (const some of chunksOf(filters, mostQueries)) {
    for (const body of await bodiesOf(client, table, some.map(path))) {
      let page = JSON.parse(body) as Page;
      rows.push(...page.value);
      while (page["@odata.nextLink"] !== undefined) {
        page = JSON.parse(await queried(client, page["@odata.nextLink"])) as Page;
        rows.push(...page.value);
      }
    }
  }
  return rows;
}

interface Page {
  readonly value: readonly ApiRow[];
  readonly "@odata.nextLink"?: string;
}

async function queried(client: DynamicsClient, path: string): Promise<string> {
  return (await client.call({ api: "query", method: "GET", path })).body;
}

/** What the queries are answered; one that is not answered fails all: a row not seen is no row missing. */
async function bodiesOf(
  client: DynamicsClient,
  { set }: TableFacts,
  paths: readonly string[],
): Promise<readonly string[]> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return [await queried(client, only)];
  const { answers } = await readBatch(
    client,
    paths.map((path) => ({ path })),
  );
  return answers.map((answer) => {
    if (answer !== undefined && answer.status >= 300) {
      throw replyError(answer, `rows of ${set}`, false);
    }
    if (answer?.status === 200) return answer.body;
    throw new CutoverError("SINK_UNAVAILABLE", `Dynamics: no answer to a query of ${set}.`);
  });
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
