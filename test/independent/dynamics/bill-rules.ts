import { amount, moment, number, text } from "../canonical-text.ts";
import { invoiceFindings, invoiceParents, paymentParents, thousandths } from "../bill-rules.ts";
import { type ObjectRule, referenceTo } from "../rule.ts";
import { canonicalJson } from "./forms.ts";
import { head } from "./head.ts";
import { decimal, linesOf, paymentsOf } from "./job-json.ts";

/** Bills and what was paid of them, where they have tables. */
export const billRules: readonly ObjectRule[] = [
  {
    object: "qd_invoice",
    entity: "invoice",
    needs: (row, presence) => Object.values(invoiceParents(row, presence)),
    columns(row, id, parts) {
      const { job, customer, adjusted } = invoiceParents(row, parts.presence);
      const status = parts.truth.job.get(String(job.id))?.row["status"];
      return {
        ...head(row, id, parts),
        qd_name: text(row["number"]) ?? id,
        qd_invoicenumber: text(row["number"]),
        qd_serviceorder: referenceTo(parts, job),
        qd_account: referenceTo(parts, customer),
        qd_adjustsinvoice: referenceTo(parts, adjusted),
        qd_invoicestatus: text(row["status"]),
        qd_issuedon: text(row["issued_on"]),
        qd_dueon: text(row["due_on"]),
        qd_subtotal: amount(row["subtotal"]),
        qd_tax: amount(row["tax"]),
        qd_fees: amount(row["fees"]),
        qd_discount: amount(row["discount"]),
        qd_total: amount(row["total"]),
        qd_paid: amount(row["paid"]),
        qd_balance: amount(row["balance"]),
        qd_currency: text(row["currency"]),
        qd_linestotal: number(decimal(linesOf(id, parts))),
        qd_paymentstotal: number(decimal(paymentsOf(id, parts))),
        qd_linescount: undefined,
        qd_paymentscount: undefined,
        qd_voidedon: moment(row["voided_at"]),
        qd_externalreference: text(row["external_ref"]),
        qd_jobstatus: text(status),
        "qd_findings#given": invoiceFindings(row, id, parts) ? "yes" : null,
      };
    },
  },
  {
    object: "qd_payment",
    entity: "payment",
    needs: (row, presence) => Object.values(paymentParents(row, presence)),
    columns(row, id, parts) {
      const { invoice, customer, refunded } = paymentParents(row, parts.presence);
      const isRefund = thousandths(row["amount"]) < 0n;
      return {
        ...head(row, id, parts),
        qd_name: text(row["reference"]) ?? id,
        qd_invoice: referenceTo(parts, invoice),
        qd_account: referenceTo(parts, customer),
        qd_refundof: referenceTo(parts, refunded),
        qd_amount: amount(row["amount"]),
        qd_unapplied: amount(row["unapplied"]),
        qd_currency: text((row["amount"] as { currency?: string } | null)?.currency),
        qd_method: text(row["method"]),
        qd_paymentstatus: text(row["status"]),
        qd_reference: text(row["reference"]),
        qd_receivedon: moment(row["received_at"]),
        qd_memo: text(row["memo"]),
        qd_applications: canonicalJson(row["applications"]),
        // A refund is judged by its link alone; other payments must add up as well.
        "qd_findings#given": isRefund ? (refunded.id === null ? "yes" : null) : undefined,
      };
    },
  },
];
