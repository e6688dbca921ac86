import { money } from "../generate/invoice.ts";
import { idOf, iso } from "../generate/world.ts";
import { childrenOf, type Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import { type Change, firstLate, unbilledLines } from "./job-changes.ts";

const day = 86_400_000;

/** The lines of a job that stand on no bill yet are billed. */
export const invoiceCreated: Change = (desk, of) => {
  // Nobody bills a job that is cancelled or may yet be.
  const suits = ({ row }: { row: Row }): boolean =>
    row["status_group"] !== "cancelled" &&
    row["status_group"] !== "pending" &&
    unbilledLines(row).length > 0;
  const job = choose(desk, of, { entity: "job", suits })?.row;
  if (job === undefined) return false;
  const index = desk.meta.next("late invoice", firstLate);
  const [id, now] = [idOf(index), desk.clock.now()];
  const cents = unbilledLines(job).reduce((sum, line) => sum + centsOf(line["total"]), 0);
  const sum = money(cents, "USD");
  const none = money(0, "USD");
  desk.editor.create("invoice", {
    ...{ id, number: `INV-${index}`, job_id: job.id, customer_id: job["customer_id"] },
    ...{
      status: "open",
      issued_on: iso(now).slice(0, 10),
      due_on: iso(now + 30 * day).slice(0, 10),
    },
    ...{
      subtotal: sum,
      tax: none,
      fees: none,
      discount: none,
      total: sum,
      paid: none,
      balance: sum,
    },
    ...{
      currency: "USD",
      adjusts_invoice_id: null,
      voided_at: null,
      external_ref: null,
      custom: [],
    },
  });
  const lines = childrenOf(job, "line_item").map((line) =>
    line["invoice_id"] ? line : { ...line, invoice_id: id },
  );
  desk.editor.set("job", job.id, { line_items: lines });
  return true;
};

/** What is still owed on a bill is paid, or half of it. */
export const paymentCreated: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean =>
    row["status"] !== "void" && centsOf(row["balance"]) > 100;
  const invoice = choose(desk, of, { entity: "invoice", suits })?.row;
  if (invoice === undefined) return false;
  const owed = centsOf(invoice["balance"]);
  const cents = of.chance("half", 0.3) ? Math.floor(owed / 2) : owed;
  const at = iso(desk.clock.now());
  const currency = invoice["currency"] as string | null;
  const amount = money(cents, currency);
  desk.editor.create("payment", {
    id: idOf(desk.meta.next("late payment", firstLate)),
    ...{ applications: [{ invoice_id: invoice.id, amount, at }], amount },
    ...{ unapplied: money(0, currency), customer_id: invoice["customer_id"], received_at: at },
    ...{ method: "card", status: "succeeded", reference: null, refund_of: null, memo: null },
    custom: [],
  });
  desk.editor.set("invoice", invoice.id, {
    paid: money(centsOf(invoice["paid"]) + cents, currency),
    balance: money(owed - cents, currency),
    status: cents === owed ? "paid" : "partial",
  });
  return true;
};

/** A bill gets its reference in the books. */
export const invoiceEdited: Change = (desk, of) => {
  const invoice = choose(desk, of, { entity: "invoice" });
  if (invoice === undefined) return false;
  const external_ref = `QB-${of.int("reference", 900_000)}`;
  desk.editor.set("invoice", invoice.id, { external_ref });
  return true;
};

/** A bill nothing is paid on is taken back; its lines can be billed again. */
export const invoiceDeleted: Change = (desk, of) => {
  const suits = ({ id, row }: { id: string; row: Row }): boolean =>
    row["status"] === "open" &&
    desk.view.owned("invoice", id).length === 0 &&
    billsOf(desk.ledger.newest("job", String(row["job_id"]))?.row) <= 1;
  const invoice = choose(desk, of, { entity: "invoice", suits });
  if (invoice === undefined) return false;
  const job = desk.ledger.newest("job", String(invoice.row["job_id"]));
  if (job?.kind === "alive")
    desk.editor.set("job", job.id, { line_items: withoutBill(job.row, invoice.id) });
  desk.editor.remove("invoice", invoice.id, { trace: of.index % 2 === 0 });
  return true;
};

/** A job of two bills has a credit note, which names the other. */
function billsOf(job: Row | undefined): number {
  const lines = job === undefined ? [] : childrenOf(job, "line_item");
  return new Set(lines.map((line) => line["invoice_id"]).filter(Boolean)).size;
}

function withoutBill(job: Row, invoice: string): unknown[] {
  return childrenOf(job, "line_item").map((line) =>
    line["invoice_id"] === invoice ? { ...line, invoice_id: null } : line,
  );
}

/** A payment that never came is struck out. */
export const paymentDeleted: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean =>
    row["status"] === "pending" || row["status"] === "failed";
  const payment = choose(desk, of, { entity: "payment", suits });
  if (payment === undefined) return false;
  desk.editor.remove("payment", payment.id, { trace: of.index % 2 === 0 });
  return true;
};

/** A payment's memo is written. */
export const paymentEdited: Change = (desk, of) => {
  const payment = choose(desk, of, { entity: "payment" });
  if (payment === undefined) return false;
  desk.editor.set("payment", payment.id, { memo: `checked ${of.int("mark", 10_000)}` });
  return true;
};

function centsOf(value: unknown): number {
  const { amount = "0" } = (value ?? {}) as { amount?: string };
  return Math.round(Number(amount) * 100);
}
