import type { Environment } from "../environment.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { isLookup, type Row, type Value, type Values } from "../rows/row.ts";

/** What a column of a row reads as: stored, or made from what is stored. */
export function readValue(env: Environment, table: TableDef, row: Row, column: ColumnDef): Value {
  const name = column.logicalName;
  const stored = row.values[name];
  if (stored !== undefined) return stored;
  if (name === table.primaryId) return row.id;
  if (name === "versionnumber") return row.version;
  if (name === "owninguser") return owner(row, "systemuser");
  if (name === "owningteam") return owner(row, "team");
  return computedOf(env, row)[name] ?? null;
}

const computed = new WeakMap<Row, Values>();

/** The computed columns of a row, made once for each reading of it. */
function computedOf(env: Environment, row: Row): Values {
  const known = computed.get(row);
  if (known !== undefined) return known;
  const readers = env.rulesOf(row.table).filter((rule) => rule.read !== undefined);
  const values: Values = {};
  for (const rule of readers) Object.assign(values, rule.read?.(env, row));
  computed.set(row, values);
  return values;
}

function owner(row: Row, table: string): Value {
  const value = row.values["ownerid"];
  return isLookup(value) && value.table === table ? value : null;
}
