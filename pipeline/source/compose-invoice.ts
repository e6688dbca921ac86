import { Decimal } from "decimal.js";
import type {
  Invoice,
  JobInvoiceMember,
  LineItem,
  Money,
  Payment,
} from "../core/generated/records.ts";
import { exactSum } from "./exact-sum.ts";

/** What an invoice carries of its lines and payments; they need not agree with it. */
export type InvoiceSums = Pick<
  Invoice,
  "lines_total" | "lines_count" | "payments_total" | "payments_count"
>;

/** Sums up the living lines and payments that name an invoice; null where there is nothing to sum. */
export function invoiceSums(
  id: string,
  lines: readonly LineItem[],
  payments: readonly Payment[],
): InvoiceSums {
  return {
    lines_total: exactSum(lines.map(({ total }) => total?.amount)),
    lines_count: lines.length,
    payments_total: exactSum(payments.flatMap((payment) => appliedTo(id, payment))),
    payments_count: payments.length,
  };
}

/** What a payment applies to an invoice: money given back is taken off, money that never came is nothing. */
function appliedTo(id: string, payment: Payment): (string | undefined)[] {
  const { status, refund_of, applications } = payment;
  if (status === "pending" || status === "failed") return [];
  return applications
    .filter(({ invoice_id }) => invoice_id === id)
    .map(({ amount }) => {
      if (amount === null) return undefined;
      return refund_of === null ? amount.amount : new Decimal(amount.amount).abs().neg().toFixed();
    });
}

/** A bill as its job carries it. */
export function jobInvoice(invoice: Invoice, sums: InvoiceSums): JobInvoiceMember {
  const { id, number, status, issued_on, due_on, currency } = invoice;
  const { lines_total, payments_total } = sums;
  const amount = (money: Money | null): string | null => money?.amount ?? null;
  return {
    ...{ id, number, status, issued_on, due_on, currency, lines_total, payments_total },
    subtotal: amount(invoice.subtotal),
    tax: amount(invoice.tax),
    fees: amount(invoice.fees),
    discount: amount(invoice.discount),
    total: amount(invoice.total),
    paid: amount(invoice.paid),
    balance: amount(invoice.balance),
  };
}
