import { Decimal } from "decimal.js";
import type { Writer } from "../../extension.ts";
import type { Row, Value, Values } from "../../rows/row.ts";
import { rounded } from "../../write/values.ts";

/** What a line adds to its parent. */
export interface LineAmounts {
  readonly net: number;
  readonly tax: number;
}

/** A number of a row, or 0. */
export function amount(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The amounts of a line as it stands; of no line, nothing. */
export function amountsOf(line: Row | undefined): LineAmounts {
  if (line === undefined) return { net: 0, tax: 0 };
  const tax = amount(line.values["tax"]);
  return { net: new Decimal(amount(line.values["extendedamount"])).minus(tax).toNumber(), tax };
}

/** Adds a change of one line to the totals of its opportunity or invoice. */
export function addToTotals(writer: Writer, parent: Row, by: LineAmounts): void {
  if (parent.values["skippricecalculation"] === 1 || (by.net === 0 && by.tax === 0)) return;
  const lines = plus(parent.values["totallineitemamount"], by.net);
  const tax = plus(parent.values["totaltax"], by.tax);
  const sums: Values = { totallineitemamount: lines, totaltax: tax };
  writer.update(
    parent,
    { ...sums, ...totalsOf({ ...parent.values, ...sums }) },
    { internal: true },
  );
}

/** The totals that follow from lines, discounts and freight; the estimated value with them where the system calculates it. */
export function totalsOf(values: Values): Values {
  const lines = new Decimal(amount(values["totallineitemamount"]));
  const share = lines.times(amount(values["discountpercentage"])).dividedBy(100);
  const discount = share.plus(amount(values["discountamount"]));
  const less = lines.minus(discount);
  const total = less.plus(amount(values["freightamount"])).plus(amount(values["totaltax"]));
  const totals: Values = {
    totaldiscountamount: cents(discount),
    totalamountlessfreight: cents(less),
    totalamount: cents(total),
  };
  if (values["isrevenuesystemcalculated"] === true) totals["estimatedvalue"] = cents(total);
  return totals;
}

function plus(value: Value | undefined, by: number): number {
  return cents(new Decimal(amount(value)).plus(by));
}

function cents(value: Decimal): number {
  return rounded(value.toNumber(), 2);
}
