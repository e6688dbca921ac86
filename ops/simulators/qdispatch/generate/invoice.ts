import { type Child, childrenOf, type Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { creditCents, creditNoteId, invoiceId } from "./job-children.ts";
import { type InvoicePlan, jobPlan } from "./job-plan.ts";
import { decimal } from "./line-items.ts";
import { idOf, iso, type World } from "./world.ts";

const day = 86_400_000;

/** A bill and what is paid towards it, in cents; the payments are made of it. */
export interface Billed {
  readonly row: Row;
  /** What the payments must come to; it is what the bill says, but where it is planted otherwise. */
  readonly payCents: number;
  readonly plan: InvoicePlan;
  readonly jobIndex: number;
}

/** The bill of a job, and its credit note where it has one; nothing for a job that is not billed. */
export function invoicesOf(world: World, job: number, row: Row): Billed[] {
  const of = draw(world.seed, "invoice", job);
  const plan = jobPlan(world, draw(world.seed, "job", job), false).invoice;
  if (plan === undefined) return [];
  const bill = billOf(world, of, row, plan);
  return plan === "credit_note" ? [bill, creditNoteOf(world, of, row)] : [bill];
}

function billOf(world: World, of: Draw, job: Row, plan: InvoicePlan): Billed {
  const voided = plan === "plain" && of.chance("void", 0.02);
  const lines = linesCents(job, invoiceId(of.index));
  const subtotal = lines + (plan === "subtotal_differs" ? 777 : 0);
  const tax = Math.round(subtotal * 0.0625);
  const fees = of.chance("fees", 0.1) ? 500 : 0;
  const discount = of.chance("discount", 0.08) ? Math.round(subtotal * 0.05) : 0;
  const total = subtotal + tax + fees - discount;
  const paid = voided ? 0 : paidOf(of, plan, total);
  const status = voided ? "void" : statusOf(total, paid);
  const row = {
    ...head(world, of, job, invoiceId(of.index)),
    number: `INV-${100_000 + of.index}`,
    status,
    ...amounts({ subtotal, tax, fees, discount, total, paid }, currencyOf(plan)),
    ...(voided ? { balance: money(0, "USD") } : {}),
    adjusts_invoice_id: null,
    voided_at: voided ? iso(billedAt(job) + day) : null,
    external_ref: of.chance("exported", 0.3) ? `QB-${of.int("reference", 900_000)}` : null,
  };
  const payCents = plan === "paid_differs" ? paid - 1_000 : paid;
  return { row, payCents, plan, jobIndex: of.index };
}

function creditNoteOf(world: World, of: Draw, job: Row): Billed {
  const total = creditCents;
  const row = {
    ...head(world, of, job, creditNoteId(of.index)),
    number: `CN-${100_000 + of.index}`,
    status: "open",
    ...amounts({ subtotal: total, tax: 0, fees: 0, discount: 0, total, paid: 0 }, "USD"),
    adjusts_invoice_id: invoiceId(of.index),
    voided_at: null,
    external_ref: null,
  };
  return { row, payCents: 0, plan: "credit_note", jobIndex: of.index };
}

function head(world: World, of: Draw, job: Row, id: string): Row {
  const at = billedAt(job) + of.int("written", 8 * 3_600_000);
  return {
    id,
    created_at: iso(at),
    updated_at: iso(at),
    created_by: idOf(of.int("author", world.office)),
    active: true,
    job_id: job.id,
    customer_id: job["customer_id"],
    issued_on: iso(at).slice(0, 10),
    due_on: iso(at + 30 * day).slice(0, 10),
    custom: [],
  };
}

/** When a job's bill is written: with its last step. */
function billedAt(job: Row): number {
  return Date.parse(String(job.updated_at));
}

interface Cents {
  readonly subtotal: number;
  readonly tax: number;
  readonly fees: number;
  readonly discount: number;
  readonly total: number;
  readonly paid: number;
}

function amounts(cents: Cents, currency: string | null): Partial<Row> {
  const entries = Object.entries({ ...cents, balance: cents.total - cents.paid });
  const fields = entries.map(([name, value]) => [name, money(value, currency)]);
  return { ...Object.fromEntries(fields), currency };
}

/** Cents as the truth keeps money. */
export function money(cents: number, currency: string | null): unknown {
  return { amount: decimal(cents), currency };
}

function currencyOf(plan: InvoicePlan): string | null {
  return plan === "no_currency" ? null : "USD";
}

function paidOf(of: Draw, plan: InvoicePlan, total: number): number {
  if (plan === "overpaid") return total + 2_000;
  // A refund needs something to give back, and a payment that is missed something to miss.
  if (plan === "paid_differs" || plan === "refund_unlinked") return total;
  const place = of.int("paid", 100);
  return place < 72 ? total : place < 82 ? Math.floor(total / 2) : 0;
}

function statusOf(total: number, paid: number): string {
  if (paid === 0) return "open";
  return paid >= total ? "paid" : "partial";
}

/** What the lines of a bill come to. */
export function linesCents(job: Row, invoice: string): number {
  return childrenOf(job, "line_item")
    .filter((line) => line["invoice_id"] === invoice)
    .reduce((sum, line) => sum + centsOf(line), 0);
}

function centsOf(line: Child): number {
  const { amount = "0" } = (line["total"] ?? {}) as { amount?: string };
  return Math.round(Number(amount) * 100);
}
