import { thousandths } from "../bill-rules.ts";
import type { Parts, Row } from "../rule.ts";
import { canonicalJson } from "./forms.ts";

const crewFields = ["id", "technician_id", "role", "hours_worked"];

/** Who worked on a job, in which role and for how long, where crew has no rows. */
export function crewJson(row: Row): string | null {
  const crew = (row["assignments"] ?? []) as Row[];
  return canonicalJson(crew.map((one) => picked(one, crewFields)));
}

const billFields = ["id", "number", "status", "issued_on", "due_on", "currency"];
const billAmounts = ["subtotal", "tax", "fees", "discount", "total", "paid", "balance"];

/** A job's bills with what stands against them, where bills have no rows. */
export function billsJson(id: string, parts: Parts): string | null {
  const bills = [...parts.truth.invoice.values()].filter(
    ({ deleted, row }) => !deleted && row["job_id"] === id,
  );
  return canonicalJson(
    bills.map(({ row }) => ({
      ...picked(row, billFields),
      ...Object.fromEntries(billAmounts.map((name) => [name, written(row[name])])),
      lines_total: decimal(linesOf(String(row["id"]), parts)),
      payments_total: decimal(paymentsOf(String(row["id"]), parts)),
    })),
  );
}

/** What the lines of a bill come to, in thousandths; undefined where it has none. */
export function linesOf(bill: string, { truth }: Parts): bigint | undefined {
  return sum(
    [...truth.line_item.values()]
      .filter(({ deleted, row }) => !deleted && row["invoice_id"] === bill)
      .map(({ row }) => thousandths(row["total"])),
  );
}

/** What was paid of a bill, refunds taken off, in thousandths; undefined where nothing was. */
export function paymentsOf(bill: string, { truth }: Parts): bigint | undefined {
  return sum(
    [...truth.payment.values()]
      .filter(({ deleted, row }) => !deleted && row["status"] === "succeeded")
      .flatMap(({ row }) =>
        ((row["applications"] ?? []) as { invoice_id: string; amount: unknown }[])
          .filter(({ invoice_id: of }) => of === bill)
          .map((each) => {
            const applied = thousandths(each.amount);
            return typeof row["refund_of"] === "string" && applied > 0n ? -applied : applied;
          }),
      ),
  );
}

/** Thousandths as decimal text with two places, as money is written. */
export function decimal(value: bigint | undefined): string | null {
  if (value === undefined) return null;
  const size = value < 0n ? -value : value;
  const places = String(size % 1000n)
    .padStart(3, "0")
    .replace(/0$/, "");
  return `${value < 0n ? "-" : ""}${size / 1000n}.${places}`;
}

function sum(values: readonly bigint[]): bigint | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0n);
}

function picked(row: Row, fields: readonly string[]): object {
  return Object.fromEntries(fields.map((name) => [name, row[name]]));
}

function written(money: unknown): string | null {
  return (money as { amount?: string } | null)?.amount ?? null;
}
