import type { Child } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { serviceTypes } from "./words.ts";
import type { World } from "./world.ts";

/** Quantity in thousandths times price in cents, in cents, halves away from zero: money never meets a float. */
export function totalCents(thousandths: number, cents: number): number {
  const product = BigInt(thousandths) * BigInt(cents);
  const half = product < 0n ? -500n : 500n;
  return Number((product + half) / 1000n);
}

/** Cents as decimal text. */
export function decimal(cents: number): string {
  const size = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${size.slice(0, -2)}.${size.slice(-2)}`;
}

function quantityText(thousandths: number): string {
  return (thousandths / 1000).toFixed(3).replace(/\.?0+$/, "");
}

// A discount, which makes a line negative, is given only where it is planted.
const kinds = "pppppppppllllllttttffx".split("");
const kindNames: Record<string, string> = {
  p: "part",
  l: "labor",
  t: "travel",
  f: "flat_rate",
  x: "tax",
};

/** The money oddity of a job, if it shows one. */
export type MoneyOddity = "negative_total" | "three_decimals" | "no_currency" | "off_by_cents";

const longDescription = ", checked, cleaned, adjusted and tested".repeat(8);

/** The nth line of a job. */
export function lineItemOf(
  world: World,
  options: {
    id: string;
    index: number;
    position: number;
    /** What is odd about it, where it is the first of its job. */
    oddity?: MoneyOddity | undefined;
    /** Whether its description is over 255 characters. */
    long?: boolean;
    invoice?: string | null;
  },
): { line: Child; cents: number } {
  const { id, index, position, oddity, long = false, invoice = null } = options;
  const of = draw(world.seed, "line_item", index);
  const first = position === 1;
  const kind =
    oddity === "negative_total" && first ? "discount" : kindNames[of.pick("kind", kinds)];
  const thousandths = oddity === "three_decimals" && first ? 1_333 : quantityOf(of, kind);
  const price =
    (kind === "discount" ? -1 : 1) * (oddity === "negative_total" && first ? 999_900 : priceOf(of));
  const off = oddity === "off_by_cents" && first ? 2 : 0;
  const cents = totalCents(thousandths, price) + off;
  const currency = oddity === "no_currency" && first ? null : "USD";
  const money = (amount: number): unknown => ({ amount: decimal(amount), currency });
  const line = {
    id,
    invoice_id: invoice,
    position,
    kind,
    sku: kind === "part" ? `P-${1_000 + of.int("sku", 400)}` : null,
    service_type: of.pick("service", serviceTypes),
    description: `${kind} ${of.int("text", 1_000)}${long ? longDescription : ""}`,
    quantity: quantityText(thousandths),
    unit: kind === "labor" ? "h" : kind === "travel" ? "mi" : "ea",
    unit_price: money(price),
    cost: kind === "part" ? money(Math.trunc(price * 0.6)) : null,
    tax: null,
    total: money(cents),
    technician_id: null,
    taxable: kind === "part",
  };
  return { line, cents };
}

function quantityOf(of: Draw, kind: string | undefined): number {
  if (kind === "labor") return 250 * (1 + of.int("hours", 24));
  if (kind === "travel") return 1_000 * (2 + of.int("miles", 40));
  return 1_000 * (1 + of.int("pieces", 4));
}

function priceOf(of: Draw): number {
  return 500 + of.int("price", 30_000);
}
