import { childrenOf, type Row } from "../truth/row.ts";
import type { Finds } from "./finds.ts";

/** Looks at jobs and payments first, then judges invoices by them. Amounts are thousandths, exact as whole numbers. */
export function billKinds(finds: Finds) {
  const lines = new Map<string, number>();
  const payments = new Map<string, number>();
  const cancelled = new Set<string>();
  const add = (sums: Map<string, number>, id: unknown, amount: number): void =>
    void sums.set(String(id), (sums.get(String(id)) ?? 0) + amount);
  return {
    job(row: Row): void {
      if (row["status_group"] === "cancelled") cancelled.add(row.id);
      for (const line of childrenOf(row, "line_item"))
        if (line["invoice_id"]) add(lines, line["invoice_id"], thousandths(line["total"]));
    },
    payment(row: Row): void {
      const amount = thousandths(row["amount"]);
      if (amount < 0 && !row["refund_of"]) finds.note("totals_differ", "payment", row.id);
      if (row["status"] === "pending" || row["status"] === "failed") return;
      for (const one of (row["applications"] ?? []) as Record<string, unknown>[]) {
        const applied = thousandths(one["amount"]);
        add(payments, one["invoice_id"], row["refund_of"] ? -Math.abs(applied) : applied);
      }
    },
    invoice(row: Row): void {
      const [total, paid] = [thousandths(row["total"]), thousandths(row["paid"])];
      const differs =
        thousandths(row["subtotal"]) !== (lines.get(row.id) ?? 0) ||
        paid !== (payments.get(row.id) ?? 0) ||
        (paid > total && paid > 0) ||
        cancelled.has(String(row["job_id"]));
      if (differs) finds.note("totals_differ", "invoice", row.id);
      if (total < 0 || !row["currency"]) finds.note("money_odd", "invoice", row.id);
    },
  };
}

function thousandths(money: unknown): number {
  const { amount = "0" } = (money ?? {}) as { amount?: string };
  return Math.round(Number(amount) * 1_000);
}
