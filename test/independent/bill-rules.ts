import { amount, moment, text } from "./canonical-text.ts";
import type { Presence } from "./presence.ts";
import { idOf, type Need, type ObjectRule, type Parts, referenceTo, type Row } from "./rule.ts";

/** Bills and what was paid of them. */
export const billRules: readonly ObjectRule[] = [
  {
    object: "Invoice__c",
    entity: "invoice",
    needs: (row, presence) => Object.values(invoiceParents(row, presence)),
    columns: (row, id, parts) => {
      const { job, customer, adjusted } = invoiceParents(row, parts.presence);
      return {
        Source_System_ID__c: id,
        Invoice_Number__c: text(row["number"]),
        Invoice_Status__c: text(row["status"]),
        Issued_On__c: text(row["issued_on"]),
        Due_On__c: text(row["due_on"]),
        Subtotal__c: amount(row["subtotal"]),
        Tax__c: amount(row["tax"]),
        Total__c: amount(row["total"]),
        Paid__c: amount(row["paid"]),
        Balance__c: amount(row["balance"]),
        Currency__c: text(row["currency"]),
        Voided_At__c: moment(row["voided_at"]),
        Findings__c: invoiceFindings(row, id, parts) ? "yes" : null,
        "Case__r.Source_Key__c": referenceTo(parts, job),
        "Account__r.Source_Key__c": referenceTo(parts, customer),
        "Adjusts_Invoice__r.Source_Key__c": referenceTo(parts, adjusted),
      };
    },
  },
  {
    object: "Payment__c",
    entity: "payment",
    needs: (row, presence) => Object.values(paymentParents(row, presence)),
    columns: (row, id, parts) => {
      const { invoice, customer, refunded } = paymentParents(row, parts.presence);
      const negative = thousandths(row["amount"]) < 0n;
      return {
        Source_System_ID__c: id,
        Amount__c: amount(row["amount"]),
        Unapplied__c: amount(row["unapplied"]),
        Method__c: text(row["method"]),
        Payment_Status__c: text(row["status"]),
        Received_At__c: moment(row["received_at"]),
        // A refund is judged by its link alone; other payments must add up as well.
        Findings__c: negative ? (refunded.id === null ? "yes" : null) : undefined,
        "Invoice__r.Source_Key__c": referenceTo(parts, invoice),
        "Account__r.Source_Key__c": referenceTo(parts, customer),
        "Refund_Of__r.Source_Key__c": referenceTo(parts, refunded),
      };
    },
  },
];

/** What a bill refers to. */
export function invoiceParents(
  row: Row,
  presence: Presence,
): Record<"job" | "customer" | "adjusted", Need> {
  return {
    job: { entity: "job", id: idOf(row["job_id"]) },
    customer: { entity: "customer", id: presence.customer(row["customer_id"]) },
    adjusted: { entity: "invoice", id: idOf(row["adjusts_invoice_id"]), clears: true },
  };
}

/** What a payment refers to. */
export function paymentParents(
  row: Row,
  presence: Presence,
): Record<"invoice" | "customer" | "refunded", Need> {
  const applied = applicationsOf(row);
  return {
    invoice: { entity: "invoice", id: applied.length === 1 ? idOf(applied[0]?.invoice_id) : null },
    customer: { entity: "customer", id: presence.customer(row["customer_id"]) },
    refunded: { entity: "payment", id: idOf(row["refund_of"]), clears: true },
  };
}

interface Application {
  readonly invoice_id: string;
  readonly amount: unknown;
}

function applicationsOf(row: Row): readonly Application[] {
  return (row["applications"] ?? []) as Application[];
}

/** Whether anything of a bill does not add up, in thousandths, which are whole numbers. */
export function invoiceFindings(row: Row, id: string, { truth }: Parts): boolean {
  const [subtotal, total, paid] = ["subtotal", "total", "paid"].map((name) =>
    thousandths(row[name]),
  ) as [bigint, bigint, bigint];
  const parts = subtotal + thousandths(row["tax"]) + thousandths(row["fees"]);
  return (
    (linesOf(truth).get(id) ?? 0n) !== subtotal ||
    parts - thousandths(row["discount"]) !== total ||
    (paymentsOf(truth).get(id) ?? 0n) !== paid ||
    (paid > total && paid > 0n) ||
    truth.job.get(String(row["job_id"]))?.row["status"] === "Cancelled"
  );
}

type Sums = ReadonlyMap<string, bigint>;
const sums = new WeakMap<object, { lines?: Sums; payments?: Sums }>();

function linesOf(truth: Parts["truth"]): Sums {
  const known = sums.get(truth) ?? {};
  sums.set(truth, known);
  known.lines ??= summed(
    [...truth.line_item.values()]
      .filter(({ deleted }) => !deleted)
      .map(({ row }) => [idOf(row["invoice_id"]), thousandths(row["total"])] as const),
  );
  return known.lines;
}

function paymentsOf(truth: Parts["truth"]): Sums {
  const known = sums.get(truth) ?? {};
  sums.set(truth, known);
  known.payments ??= summed(
    [...truth.payment.values()]
      .filter(({ deleted, row }) => !deleted && row["status"] === "succeeded")
      .flatMap(({ row }) =>
        applicationsOf(row).map((each) => {
          const applied = thousandths(each.amount);
          const back = idOf(row["refund_of"]) !== null && applied > 0n;
          return [each.invoice_id, back ? -applied : applied] as const;
        }),
      ),
  );
  return known.payments;
}

function summed(entries: readonly (readonly [string | null, bigint])[]): Sums {
  const found = new Map<string, bigint>();
  for (const [id, value] of entries) if (id !== null) found.set(id, (found.get(id) ?? 0n) + value);
  return found;
}

/** An amount in thousandths, which are whole numbers. */
export function thousandths(money: unknown): bigint {
  const { amount: written = "0" } = (money ?? {}) as { amount?: string };
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d*)\.?(\d*)$/.exec(written) ?? [];
  const size = BigInt(`${whole || "0"}${fraction.padEnd(3, "0").slice(0, 3)}`);
  return sign === "-" ? -size : size;
}
