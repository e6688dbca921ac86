import { Decimal } from "decimal.js";
import type {
  Customer,
  CustomerLocation,
  Invoice,
  LineItem,
  Money,
  Payment,
} from "../../../pipeline/core/generated/records.ts";
import { sourceKey } from "../../../pipeline/core/source-key.ts";
import type { CsvRow } from "./csv-file.ts";

const Exact = Decimal.clone({ precision: 1000 });

/** Lines are numbered in steps, so that one can be put between two. */
const lineStep = 10_000;

const key = (entity: string, id: string | null): string | null =>
  id === null ? null : sourceKey(entity, id);

const amountOf = (money: Money | null): string | null => money?.amount ?? null;

/** A customer that documents name; one the source has deleted is blocked. */
export function customerRow(customer: Customer): CsvRow {
  const { id, name, phone, email, website, credit_limit, balance, account_number } = customer;
  const site = billingSite(customer);
  return {
    "No.": sourceKey("customer", id),
    Name: name,
    Address: site?.line1 ?? null,
    "Address 2": site?.line2 ?? null,
    City: site?.city ?? null,
    County: site?.region ?? null,
    "Post Code": site?.postal_code ?? null,
    "Country/Region Code": site?.country ?? null,
    "Phone No.": phone,
    "E-Mail": email,
    "Home Page": website,
    "Currency Code": (balance ?? credit_limit)?.currency ?? null,
    "Credit Limit": amountOf(credit_limit),
    Blocked: customer.meta.deleted ? "All" : null,
    "Account No.": account_number,
    "Source System ID": id,
  };
}

function billingSite(customer: Customer): CustomerLocation | undefined {
  const { locations, billing_address_id } = customer;
  return (
    locations.find(({ id }) => id === billing_address_id) ??
    locations.find(({ is_primary }) => is_primary) ??
    locations[0]
  );
}

/** A bill of less than nothing is a credit memo; amounts keep the source's signs. */
export function documentType({ total }: Pick<Invoice, "total">): string {
  return total !== null && new Decimal(total.amount).lessThan(0) ? "Credit Memo" : "Invoice";
}

/** The head of a bill. */
export function headerRow(invoice: Invoice): CsvRow {
  const { id, customer_id, issued_on, due_on, external_ref, number, adjusts_invoice_id } = invoice;
  return {
    "Document Type": documentType(invoice),
    "No.": sourceKey("invoice", id),
    "Sell-to Customer No.": key("customer", customer_id),
    "Posting Date": issued_on,
    "Document Date": issued_on,
    "Due Date": due_on,
    "Currency Code": invoice.currency ?? invoice.total?.currency ?? null,
    "External Document No.": external_ref,
    "Your Reference": number,
    "Corrected Document No.": key("invoice", adjusts_invoice_id),
    Amount: amountOf(invoice.subtotal),
    "Tax Amount": amountOf(invoice.tax),
    Fees: amountOf(invoice.fees),
    "Discount Amount": amountOf(invoice.discount),
    "Amount Including Tax": amountOf(invoice.total),
    "Source Status": invoice.status,
    "Work Order No.": key("job", invoice.job_id),
    "Source System ID": id,
  };
}

/** The nth line of a bill, from 1. */
export function lineRow(invoice: Invoice, line: LineItem, n: number): CsvRow {
  return {
    "Document Type": documentType(invoice),
    "Document No.": sourceKey("invoice", invoice.id),
    "Line No.": n * lineStep,
    "Source Kind": line.kind,
    "Item Reference No.": line.sku,
    "Service Type": line.service_type,
    Description: line.description,
    Quantity: line.quantity,
    "Unit of Measure Code": line.unit,
    "Unit Price": amountOf(line.unit_price),
    "Unit Cost": amountOf(line.cost),
    "Tax Amount": amountOf(line.tax),
    "Line Amount": amountOf(line.total),
    "Currency Code": line.total?.currency ?? invoice.currency ?? null,
    Taxable: line.taxable,
    "Source System ID": line.id,
  };
}

/** One entry of the journal: the part of a payment that pays one bill, or what is left of it. */
export interface Receipt {
  readonly row: CsvRow;
  readonly amount: Money | null;
}

/** The entries of a payment: one a bill it pays, one for the rest; together they are its amount. */
export function receipts(payment: Payment, day: (ms: number) => string): readonly Receipt[] {
  const { amount, applications } = payment;
  const rest = restOf(payment);
  const whole = applications.length === 0 ? [{ invoice: null, amount }] : [];
  const parts = [
    ...applications.map((each) => ({ invoice: each.invoice_id, amount: each.amount })),
    ...(rest === null ? whole : [{ invoice: null, amount: rest }]),
  ];
  return parts.map((part, at) => ({
    amount: part.amount,
    row: receiptRow(payment, day, { ...part, n: at + 1 }),
  }));
}

/** What of a payment pays no bill; null where nothing is left, or it is not known. */
function restOf({ amount, applications, refund_of }: Payment): Money | null {
  if (amount === null || applications.length === 0) return null;
  if (applications.some((each) => each.amount === null)) return null;
  const whole = new Exact(amount.amount);
  // Of money given back, sources write either sign.
  const gives = refund_of !== null || whole.lessThan(0);
  const applied = applications.reduce((sum, each) => {
    const part = new Exact(each.amount?.amount ?? 0);
    return sum.plus(gives ? part.abs().times(whole.isNegative() ? -1 : 1) : part);
  }, new Exact(0));
  const rest = whole.minus(applied);
  const written = [amount, ...applications.map((each) => each.amount)];
  const scale = Math.max(...written.map((money) => money?.amount.split(".")[1]?.length ?? 0));
  return rest.isZero() ? null : { ...amount, amount: rest.toFixed(scale) };
}

function receiptRow(
  payment: Payment,
  day: (ms: number) => string,
  part: { readonly invoice: string | null; readonly amount: Money | null; readonly n: number },
): CsvRow {
  const { id, received_at } = payment;
  return {
    "Document Type": payment.refund_of === null ? "Payment" : "Refund",
    "Document No.": sourceKey("payment", id),
    "Line No.": part.n * lineStep,
    "Posting Date": received_at === null ? null : day(received_at),
    "Account Type": "Customer",
    "Account No.": key("customer", payment.customer_id),
    Amount: amountOf(part.amount),
    "Currency Code": part.amount?.currency ?? payment.amount?.currency ?? null,
    "Applies-to Doc. Type": part.invoice === null ? null : "Invoice",
    "Applies-to Doc. No.": key("invoice", part.invoice),
    "Payment Method Code": payment.method,
    "External Document No.": payment.reference,
    Description: payment.memo,
    "Corrected Document No.": key("payment", payment.refund_of),
    "Source Status": payment.status,
    "Received At": received_at === null ? null : new Date(received_at).toISOString(),
    "Source System ID": id,
  };
}
