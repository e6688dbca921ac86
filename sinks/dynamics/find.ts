import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { SinkRow } from "../sink.ts";
import { tableOf } from "./closed.ts";
import type { DynamicsClient } from "./client.ts";
import { type ApiRow, idOf, rowsHolding } from "./standing.ts";

/**
 * Ids of rows others made that are what our rows are about, by source key: those that hold the same in
 * each column of the plan's rule, compared as the database compares, and carry no source key. Rows
 * without a value in one of the columns have none; inactive rows (merged ones are) are left out.
 */
export async function findRows(
  client: DynamicsClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const by = plan.find?.by ?? [];
  const asked = rows.filter((row) => nameOf(by, row.fields) !== undefined);
  const [first] = by;
  if (first === undefined || asked.length === 0) return found;
  const table = await tableOf(client, plan.object);
  const active = table.columns.has("statecode") ? ["statecode"] : [];
  const key = plan.keyField === "" ? [] : [plan.keyField];
  const values = asked.map(({ fields }) => String(fields[first]));
  const ids = new Map<string, string[]>();
  for (const row of await rowsHolding(client, table, first, values, [...by, ...active, ...key])) {
    const free = key.every((name) => row[name] == null) && active.every((name) => row[name] === 0);
    const name = free ? nameOf(by, row) : undefined;
    if (name === undefined) continue;
    const same = ids.get(name);
    if (same === undefined) ids.set(name, [idOf(table, row)]);
    else same.push(idOf(table, row));
  }
  for (const row of asked) {
    const same = ids.get(nameOf(by, row.fields) ?? "");
    if (same !== undefined) found.set(row.key, same);
  }
  return found;
}

/** What a row is found by; undefined where a value is missing. */
function nameOf(by: readonly string[], fields: ApiRow): string | undefined {
  const values = by.map((name) => fields[name] ?? "");
  if (values.some((value) => value === "")) return undefined;
  return JSON.stringify(values.map((value) => folded(String(value))));
}

/** A text as the database compares it: without case, accents and trailing blanks. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").trimEnd();
}
