import { Decimal } from "decimal.js";
import type { TableRules, Writer } from "../../extension.ts";
import { isLookup, type LookupValue, type Row, type Values } from "../../rows/row.ts";
import { ApiError, badArgument } from "../../web/api-error.ts";
import { rounded } from "../../write/values.ts";
import { closed, isGoing } from "./read-only.ts";
import { addToTotals, amount, amountsOf } from "./totals.ts";

/** The rules of the lines of one parent table, whose lookup column and name column are given. */
export function lineRules(options: {
  parent: string;
  name: string;
  closedStates: readonly number[];
}): TableRules {
  const { name, closedStates } = options;
  const parentOf = (writer: Writer, values: Values): Row | undefined => {
    const lookup = values[options.parent];
    return isLookup(lookup) ? writer.env.rows(lookup.table).get(lookup.id) : undefined;
  };
  const check = (writer: Writer, values: Values): Row | undefined => {
    const parent = parentOf(writer, values);
    const { closedReadOnly } = writer.env.settings.current();
    if (
      parent !== undefined &&
      closedReadOnly &&
      closedStates.includes(amount(parent.values["statecode"]))
    )
      throw closed(parent);
    return parent;
  };
  const price = (writer: Writer, parent: Row | undefined, all: Values): Values => {
    const priced = pricedLine(writer, parent, all);
    const what = all["productdescription"] ?? nameOfProduct(writer, all["productid"]);
    return { ...priced, [name]: typeof what === "string" ? what.slice(0, 100) : null };
  };
  const settle = (writer: Writer, before: Row | undefined, after: Row | undefined): void => {
    const parent = parentOf(writer, (after ?? before)?.values ?? {});
    if (parent === undefined) return;
    const old = amountsOf(before);
    const now = amountsOf(after);
    const net = new Decimal(now.net).minus(old.net).toNumber();
    addToTotals(writer, parent, { net, tax: new Decimal(now.tax).minus(old.tax).toNumber() });
  };
  return {
    beforeCreate(writer, _table, values) {
      const parent = check(writer, values);
      const currency = parent?.values["transactioncurrencyid"];
      if (currency !== undefined) values["transactioncurrencyid"] ??= currency;
      Object.assign(values, price(writer, parent, values));
    },
    afterCreate: (writer, row) => settle(writer, undefined, row),
    beforeUpdate(writer, before, changes) {
      const all = { ...before.values, ...changes };
      Object.assign(changes, price(writer, check(writer, all), all));
    },
    afterUpdate: settle,
    beforeDelete(writer, row) {
      const parent = parentOf(writer, row.values);
      if (parent !== undefined && !isGoing(writer, parent)) check(writer, row.values);
    },
    afterDelete: (writer, row) => settle(writer, row, undefined),
  };
}

/** The amounts of a line: written in with its own price, or of the catalogue by the price list of its parent. */
function pricedLine(writer: Writer, parent: Row | undefined, all: Values): Values {
  const { productid, uomid } = all;
  const given = (all["productdescription"] ?? null) !== null;
  if (given && isLookup(uomid))
    throw new ApiError(400, "0x80043afa", "A write-in product must not have a unit.");
  const priceperunit =
    all["isproductoverridden"] === true
      ? amount(all["priceperunit"])
      : cataloguePrice(writer, parent, all, lookups(productid, uomid));
  const base = rounded(new Decimal(priceperunit).times(amount(all["quantity"])).toNumber(), 2);
  const extended = new Decimal(base)
    .minus(amount(all["manualdiscountamount"]))
    .plus(amount(all["tax"]));
  return {
    priceperunit,
    baseamount: base,
    extendedamount: rounded(extended.toNumber(), 2),
  };
}

function lookups(
  product: Values[string] | undefined,
  unit: Values[string] | undefined,
): { product: LookupValue; unit: LookupValue } {
  if (!isLookup(product)) throw badArgument("The product id is missing.");
  if (!isLookup(unit)) throw new ApiError(400, "0x80043b0d", "The unit id is missing.");
  return { product, unit };
}

function cataloguePrice(
  writer: Writer,
  parent: Row | undefined,
  all: Values,
  { product, unit }: { product: LookupValue; unit: LookupValue },
): number {
  const list = parent?.values["pricelevelid"];
  if (!isLookup(list)) throw new ApiError(400, "0x80043b12", "The price level id is missing.");
  if (all["ispriceoverridden"] === true) return amount(all["priceperunit"]);
  const { env } = writer;
  for (const item of env.rows("productpricelevel").referring("productid", product.id)) {
    const { pricelevelid, uomid } = item.values;
    if (
      isLookup(pricelevelid) &&
      pricelevelid.id === list.id &&
      isLookup(uomid) &&
      uomid.id === unit.id
    )
      return amount(item.values["amount"]);
  }
  return amount(env.rows("product").get(product.id)?.values["price"]);
}

function nameOfProduct({ env }: Writer, product: Values[string] | undefined): unknown {
  return isLookup(product) ? env.rows("product").get(product.id)?.values["name"] : undefined;
}
