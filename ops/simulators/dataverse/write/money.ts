import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import { isLookup, type Values } from "../rows/row.ts";
import { factsOf } from "./table-facts.ts";
import { rounded } from "./values.ts";

/** Gives a row with amounts its currency, exchange rate and the amounts in the base currency. */
export function fillMoney(env: Environment, table: TableDef, values: Values): void {
  const { money, columns } = factsOf(table);
  if (money.length === 0) return;
  const set = money.filter(({ logicalName }) => typeof values[logicalName] === "number");
  if (
    set.length > 0 &&
    columns.has("transactioncurrencyid") &&
    !isLookup(values["transactioncurrencyid"])
  ) {
    const usual = env.settings.read("currency");
    if (usual !== undefined)
      values["transactioncurrencyid"] = { table: "transactioncurrency", id: usual };
  }
  const rate = rateOf(env, values);
  if (columns.has("exchangerate") && isLookup(values["transactioncurrencyid"]))
    values["exchangerate"] = rate;
  for (const { logicalName, precision = 2 } of money) {
    const twin = `${logicalName}_base`;
    if (!columns.has(twin)) continue;
    const amount = values[logicalName];
    values[twin] = typeof amount === "number" ? rounded(amount / rate, precision) : null;
  }
}

function rateOf(env: Environment, values: Values): number {
  const currency = values["transactioncurrencyid"];
  if (!isLookup(currency) || currency.id === env.settings.read("currency")) return 1;
  const rate = env.rows("transactioncurrency").get(currency.id)?.values["exchangerate"];
  return typeof rate === "number" && rate > 0 ? rate : 1;
}
