import { Decimal } from "decimal.js";
import { type Findings, found, type Values } from "./findings.ts";
import { exceeds } from "./text.ts";

interface Money {
  readonly amount: string;
  readonly currency: string | null;
}

function decimal(value: unknown): Decimal {
  const text = typeof value === "object" && value !== null ? (value as Money).amount : value;
  return new Decimal(typeof text === "string" && text !== "" ? text : 0);
}

/** A line whose money is credited, of no currency, counted in thousandths, or not what it multiplies to. */
export function lineFindings(record: Values): Findings {
  return found([
    isLineOdd(record) && "money_odd",
    exceeds(record["description"], 255) && "text_long",
  ]);
}

function isLineOdd({ total, unit_price: price, quantity }: Values): boolean {
  const money = total as Money | null;
  if (money !== null && (decimal(money).isNegative() || !money.currency)) return true;
  if (typeof quantity !== "string" || quantity === "") return false;
  if (/\.\d{3,}$/.test(quantity)) return true;
  if (money === null || price === null) return false;
  // An honest total is the product rounded to a cent.
  return decimal(quantity).times(decimal(price)).minus(decimal(money)).abs().greaterThan("0.0051");
}

/** An invoice that does not add up, was overpaid, or is of a cancelled job. */
export function invoiceFindings(record: Values): Findings {
  const [total, paid] = [decimal(record["total"]), decimal(record["paid"])];
  const differs =
    !decimal(record["subtotal"]).equals(decimal(record["lines_total"])) ||
    !paid.equals(decimal(record["payments_total"])) ||
    (paid.greaterThan(total) && paid.greaterThan(0)) ||
    record["job_status"] === "Cancelled";
  const odd = total.lessThan(0) || !record["currency"];
  return found([differs && "totals_differ", odd && "money_odd"]);
}

/** Money given back that says not what for. */
export function paymentFindings({ amount, refund_of: refunded }: Values): Findings {
  return found([decimal(amount).lessThan(0) && refunded === null && "totals_differ"]);
}
