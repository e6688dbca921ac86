import type { Environment } from "../environment.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { isLookup, type Row, type Value, type Values } from "../rows/row.ts";

/** What reads one column of a table's rows: stored, or made from what is stored. */
export function columnReader(
  env: Environment,
  table: TableDef,
  column: ColumnDef,
): (row: Row) => Value {
  const name = column.logicalName;
  if (name === table.primaryId) return (row) => row.id;
  if (name === "versionnumber") return (row) => row.version;
  if (name === "owninguser") return (row) => owner(row, "systemuser");
  if (name === "owningteam") return (row) => owner(row, "team");
  const computes = env.rulesOf(table.logicalName).some((rule) => rule.read !== undefined);
  if (!computes) return (row) => row.values[name] ?? null;
  return (row) => row.values[name] ?? computedOf(env, row)[name] ?? null;
}

const computed = new WeakMap<Row, Values>();

/** The computed columns of a row, made once for each reading of it. */
function computedOf(env: Environment, row: Row): Values {
  const known = computed.get(row);
  if (known !== undefined) return known;
  const values: Values = {};
  for (const rule of env.rulesOf(row.table)) Object.assign(values, rule.read?.(env, row));
  computed.set(row, values);
  return values;
}

function owner(row: Row, table: string): Value {
  const value = row.values["ownerid"];
  return isLookup(value) && value.table === table ? value : null;
}
