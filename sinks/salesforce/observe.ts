import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import { canonical, parseDatetime } from "./canonical.ts";
import type { SalesforceClient } from "./client.ts";
import { soqlChunks, soqlIn, soqlName, soqlSelect, soqlTime } from "./soql.ts";

/** A row as SOQL returns it. */
type SoqlRow = Readonly<Record<string, unknown>>;

/** Columns of a full read: ours, the row's own stamps, and each lookup's key at its target. */
function columnsOf(plan: ObjectPlan): string[] {
  const columns = ["Id", plan.keyField, "IsDeleted", "SystemModstamp", "LastModifiedById"];
  for (const field of plan.fields) {
    columns.push(field.name);
    if (field.reference !== undefined) {
      columns.push(`${field.reference.relationship}.${plan.keyField}`);
    }
  }
  return columns;
}

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

/**
 * Rows carrying our key: all living ones, or those changed at or after `since`, deleted ones too.
 */
export async function* observe(
  client: SalesforceClient,
  plan: ObjectPlan,
  since: number | null,
): AsyncGenerator<readonly DestinationRow[]> {
  const keyed = `${soqlName(plan.keyField)} != null`;
  const condition = since === null ? keyed : `${keyed} AND SystemModstamp >= ${soqlTime(since)}`;
  const soql = soqlSelect(columnsOf(plan), plan.object, condition);
  for await (const page of soqlPages(client, soql, since !== null)) {
    yield page.map((row) => toRow(plan, row));
  }
}

/** Rows by key, living ones only. Keys are compared without case by Salesforce, exactly by us. */
export async function ask(
  client: SalesforceClient,
  plan: ObjectPlan,
  keys: readonly string[],
): Promise<ReadonlyMap<string, DestinationRow>> {
  const found = new Map<string, DestinationRow>();
  const columns = columnsOf(plan);
  // What the columns take of the URI is not there for keys.
  const room = 14_000 - encodeURIComponent(columns.join(",")).length;
  for (const chunk of soqlChunks(keys, Math.max(1000, room))) {
    const soql = soqlSelect(columns, plan.object, soqlIn(plan.keyField, chunk));
    for await (const page of soqlPages(client, soql)) {
      for (const record of page) {
        const row = toRow(plan, record);
        if (row.key !== null) found.set(row.key, row);
      }
    }
  }
  return found;
}

/** Rows by id, as they are before our first write. */
export async function preimages(
  client: SalesforceClient,
  plan: ObjectPlan,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DestinationRow>> {
  const found = new Map<string, DestinationRow>();
  const columns = columnsOf(plan);
  const room = 14_000 - encodeURIComponent(columns.join(",")).length;
  for (const chunk of soqlChunks(ids, Math.max(1000, room))) {
    const soql = soqlSelect(columns, plan.object, soqlIn("Id", chunk));
    for await (const page of soqlPages(client, soql)) {
      for (const record of page) {
        const row = toRow(plan, record);
        found.set(row.destinationId, row);
      }
    }
  }
  return found;
}

function toRow(plan: ObjectPlan, record: SoqlRow): DestinationRow {
  const fields: Record<string, string | null> = {};
  for (const field of plan.fields) {
    const value = (record[field.name] ?? null) as FieldValue;
    if (field.reference === undefined) {
      fields[field.name] = canonical(field, value);
      continue;
    }
    const target = record[field.reference.relationship] as SoqlRow | null | undefined;
    const key = target?.[plan.keyField];
    fields[field.name] =
      typeof key === "string" ? key : value === null ? null : `id:${String(value)}`;
  }
  return {
    object: plan.object,
    destinationId: record["Id"] as string,
    key: (record[plan.keyField] as string | null | undefined) ?? null,
    deleted: record["IsDeleted"] === true,
    fields,
    modifiedAt: parseDatetime(record["SystemModstamp"] as string),
    modifiedBy: (record["LastModifiedById"] as string | null | undefined) ?? null,
  };
}
