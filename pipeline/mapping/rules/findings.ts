import { Decimal } from "decimal.js";
import { z } from "zod";
import type { Invoice, Money, Payment } from "../../core/generated/records.ts";
import { MappingFault, requireType, rule, type Source } from "./rule.ts";

/** Amounts of any size the source may send are added exactly. */
const Exact = Decimal.clone({ precision: 60 });
const zero = new Exact(0);

/** What of a bill or payment does not add up. */
export const findings = rule({
  name: "findings",
  doc: "What of an invoice or payment does not add up, one sentence on a line. The amounts themselves are carried as they are: nothing is repaired.",
  example: "Findings: { findings: invoice }",
  schema: z.strictObject({ findings: z.enum(["invoice", "payment"]) }),
  compile(spec, site) {
    requireType(site, "textarea");
    if (spec.findings !== site.entity) {
      throw new MappingFault(`tells of ${spec.findings} records, and this is ${site.entity}`);
    }
    const [fields, judge] = judges[spec.findings];
    for (const field of fields) site.path(field, "text", "int", "money", "list");
    return {
      read(record) {
        const lines = judge(record);
        return lines.length === 0 ? null : lines.join("\n");
      },
    };
  },
});

type Judge = (record: Source) => readonly string[];

const judges: Readonly<Record<"invoice" | "payment", readonly [readonly string[], Judge]>> = {
  invoice: [
    [
      "subtotal",
      "tax",
      "fees",
      "discount",
      "total",
      "paid",
      "lines_total",
      "lines_count",
      "payments_total",
      "payments_count",
      "job_status",
    ],
    (record) => invoiceFindings(record as unknown as Invoice),
  ],
  payment: [
    ["amount", "unapplied", "applications", "status", "refund_of"],
    (record) => paymentFindings(record as unknown as Payment),
  ],
};

/** What of a bill does not add up, one sentence each. */
export function invoiceFindings(invoice: Invoice): string[] {
  const lines: string[] = [];
  const [subtotal, total, paid] = [invoice.subtotal, invoice.total, invoice.paid].map(
    (money) => amountOf(money) ?? zero,
  ) as [Decimal, Decimal, Decimal];
  const added = decimalOf(invoice.lines_total) ?? zero;
  const received = decimalOf(invoice.payments_total) ?? zero;
  if (!added.equals(subtotal)) {
    lines.push(
      `Its ${invoice.lines_count} lines add up to ${text(added)}, and the subtotal is ${text(subtotal)}.`,
    );
  }
  const whole = wholeOf(invoice);
  if (invoice.total && whole && !whole.equals(total)) {
    lines.push(
      `Subtotal, tax and fees less the discount are ${text(whole)}, and the total is ${text(total)}.`,
    );
  }
  if (!received.equals(paid)) {
    lines.push(
      `Its ${invoice.payments_count} payments add up to ${text(received)}, and ${text(paid)} is said to be paid.`,
    );
  }
  if (paid.greaterThan(total) && paid.greaterThan(zero)) {
    lines.push(`${text(paid)} is paid of ${text(total)}: more than the bill.`);
  }
  if (invoice.job_status?.trim().toLowerCase() === "cancelled") {
    lines.push("The job of this bill is cancelled.");
  }
  return lines;
}

/** What the parts of a bill make; undefined where it does not name them. */
function wholeOf({ subtotal, tax, fees, discount }: Invoice): Decimal | undefined {
  const start = amountOf(subtotal);
  if (start === undefined) return undefined;
  return start
    .plus(amountOf(tax) ?? zero)
    .plus(amountOf(fees) ?? zero)
    .minus(amountOf(discount)?.abs() ?? zero);
}

/** What of a payment does not add up, one sentence each. */
export function paymentFindings(payment: Payment): string[] {
  const lines: string[] = [];
  const amount = amountOf(payment.amount);
  const isRefund = (amount?.isNegative() ?? false) && !amount?.isZero();
  if (isRefund && (payment.refund_of ?? "") === "") {
    lines.push("This refund does not say which payment it gives back.");
  }
  const applied = payment.applications.map((each) => amountOf(each.amount));
  if (amount && !isRefund && applied.length > 0 && applied.every((each) => each !== undefined)) {
    const used = applied
      .reduce<Decimal>((sum, each) => sum.plus(each), zero)
      .plus(amountOf(payment.unapplied) ?? zero);
    if (!used.equals(amount)) {
      lines.push(`What it is applied to makes ${text(used)}, and the amount is ${text(amount)}.`);
    }
  }
  return lines;
}

function amountOf(money: Money | null): Decimal | undefined {
  return decimalOf(money?.amount ?? null);
}

function decimalOf(amount: string | null): Decimal | undefined {
  const written = amount?.trim() ?? "";
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(written) ? new Exact(written) : undefined;
}

function text(amount: Decimal): string {
  return amount.toFixed(Math.max(2, amount.decimalPlaces()));
}
