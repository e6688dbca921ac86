import type { Environment } from "../environment.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { baseAmount, moneyColumns, platformRelationships } from "../tables/platform-columns.ts";

/** A table whose amounts have their twins in the base currency, and a currency. */
export function withMoney(table: TableDef): TableDef {
  const has = new Set(table.columns.map(({ logicalName }) => logicalName));
  const money = table.columns.filter(
    ({ type, extra }) => type === "money" && extra?.["IsBaseCurrency"] !== true,
  );
  if (money.length === 0) return table;
  const wanted: ColumnDef[] = [
    ...moneyColumns(table.logicalName),
    ...money.map((column) => baseAmount(table.logicalName, column)),
  ];
  const missing = wanted.filter(({ logicalName }) => !has.has(logicalName));
  return { ...table, columns: [...table.columns, ...missing] };
}

/** Puts a table with its money columns completed, and the relationship its currency needs. */
export function putTableWithMoney(env: Environment, table: TableDef): void {
  const complete = withMoney(table);
  env.model.putTable(complete);
  const known = new Set(env.model.relationships.map(({ schemaName }) => schemaName));
  for (const one of platformRelationships(complete))
    if (!known.has(one.schemaName)) env.model.putRelationship(one);
}
