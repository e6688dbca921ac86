import { createHash } from "node:crypto";
import type { Environment } from "../environment.ts";
import type { KeyDef, TableDef } from "../model.ts";
import { isLookup, type LookupValue, type Row, type Value } from "../rows/row.ts";
import { factsOf } from "../write/table-facts.ts";

/** What a row says, without anything that depends on when and in which order rows came. */
export type CanonicalRow = readonly (readonly [string, Exclude<Value, LookupValue>])[];

/** Stamps of the platform that no client sets. */
const byClock: ReadonlySet<string> = new Set([
  "modifiedon",
  "modifiedby",
  "modifiedonbehalfby",
  "createdonbehalfby",
  "overriddencreatedon",
  "timezoneruleversionnumber",
  "owningbusinessunit",
]);

/** The custom alternate key that names rows of a table wherever they lie. */
export function sourceKeyOf(table: TableDef): KeyDef | undefined {
  const custom = (name: string | undefined): boolean =>
    factsOf(table).columns.get(name ?? "")?.custom === true;
  return table.keys.find(
    (key) => key.status === "Active" && key.columns.length === 1 && custom(key.columns[0]),
  );
}

/** Reads rows of one table in their canonical form: lookups as keys, long texts by their SHA-256. */
export function canonicalReader(env: Environment, table: TableDef): (row: Row) => CanonicalRow {
  const keys = new Map<string, string>();
  const keyAt = (lookup: LookupValue): string => {
    const known = keys.get(lookup.id);
    if (known !== undefined) return known;
    if (keys.size > 5_000) keys.clear();
    const key = keyOf(env, lookup);
    keys.set(lookup.id, key);
    return key;
  };
  return (row) =>
    contentOf(table, row).map(([name, value]) => [
      name,
      isLookup(value) ? keyAt(value) : shortened(value),
    ]);
}

function shortened(value: Exclude<Value, LookupValue>): Exclude<Value, LookupValue> {
  if (typeof value !== "string" || value.length < 10_000) return value;
  return `sha256 ${createHash("sha256").update(value).digest("hex")}`;
}

/** The columns of a row that are content, by name. Of users, whom no migration makes, these are the custom ones. */
function contentOf(table: TableDef, { values }: Row): [string, Value][] {
  const { columns } = factsOf(table);
  const overridden =
    values["overriddencreatedon"] !== undefined && values["overriddencreatedon"] !== null;
  const entries: [string, Value][] = [];
  for (const name of Object.keys(values).sort()) {
    const column = columns.get(name);
    const value = values[name] ?? null;
    if (
      column === undefined ||
      value === null ||
      byClock.has(name) ||
      column.autoNumberFormat !== undefined
    )
      continue;
    if (name === "createdon" && !overridden) continue;
    if (table.logicalName === "systemuser" && column.custom !== true && name !== "domainname")
      continue;
    entries.push([name, value]);
  }
  return entries;
}

/** What names a row: its key, its user name, or else what it says. */
function keyOf(env: Environment, { table: name, id }: LookupValue): string {
  const table = env.model.table(name);
  const row = table === undefined ? undefined : env.rows(name).get(id);
  if (table === undefined || row === undefined) return "";
  const key = row.values[sourceKeyOf(table)?.columns[0] ?? "domainname"];
  if (typeof key === "string") return key;
  const said = contentOf(table, row).filter(([, value]) => !isLookup(value));
  return `${name} ${createHash("sha256").update(JSON.stringify(said)).digest("hex")}`;
}
