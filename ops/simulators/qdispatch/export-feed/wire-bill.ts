import type { Row } from "../truth/row.ts";
import { amount, currencyOf, custom, idNumber, type Wire } from "./wire-values.ts";

/** An invoice; its lines are the job's that name it. */
export function invoiceWire(row: Row): Wire {
  return {
    number: row["number"],
    jobId: idNumber(row["job_id"]),
    customerId: idNumber(row["customer_id"]),
    status: row["status"],
    invoicedOn: row["issued_on"],
    dueOn: row["due_on"],
    subTotal: amount(row["subtotal"]),
    salesTax: amount(row["tax"]),
    fees: amount(row["fees"]),
    discount: amount(row["discount"]),
    total: amount(row["total"]),
    paid: amount(row["paid"]),
    balance: amount(row["balance"]),
    currency: row["currency"] ?? null,
    adjustmentToId: idNumber(row["adjusts_invoice_id"]),
    voidedOn: row["voided_at"],
    externalReference: row["external_ref"],
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}

/** A payment and the invoices it pays. */
export function paymentWire(row: Row): Wire {
  const applications = (row["applications"] ?? []) as Wire[];
  return {
    customerId: idNumber(row["customer_id"]),
    total: amount(row["amount"]),
    unappliedAmount: amount(row["unapplied"]),
    currency: currencyOf(row["amount"], row["unapplied"]),
    appliedTo: applications.map((one) => ({
      invoiceId: idNumber(one["invoice_id"]),
      amount: amount(one["amount"]),
      currency: currencyOf(one["amount"]),
      appliedOn: one["at"] ?? null,
    })),
    type: row["method"],
    status: row["status"],
    reference: row["reference"],
    refundOfId: idNumber(row["refund_of"]),
    paidOn: row["received_at"],
    memo: row["memo"],
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}
