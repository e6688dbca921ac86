import { money } from "../generate/invoice.ts";
import { partNames } from "../generate/custom-values.ts";
import { idOf, iso } from "../generate/world.ts";
import { childrenOf, type Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import { type Change, unbilledLines } from "./job-changes.ts";

const day = 86_400_000;
const firstLate = 80_000_000;

/** The lines of a job that stand on no bill yet are billed. */
export const invoiceCreated: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean =>
    row["status_group"] !== "cancelled" && unbilledLines(row).length > 0;
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

/** A payment's memo is written. */
export const paymentEdited: Change = (desk, of) => {
  const payment = choose(desk, of, { entity: "payment" });
  if (payment === undefined) return false;
  desk.editor.set("payment", payment.id, { memo: `checked ${of.int("mark", 10_000)}` });
  return true;
};

/** A contact works for one more customer. */
export const linkAdded: Change = (desk, of) => {
  const contact = choose(desk, of, { entity: "contact" })?.row;
  const links = contact === undefined ? [] : childrenOf(contact, "contact_link");
  const taken = [contact?.["customer_id"], ...links.map((link) => link["customer_id"])];
  const suits = ({ id }: { id: string }): boolean => !taken.includes(id);
  const customer = choose(desk, of, { entity: "customer", field: "linked", suits });
  if (contact === undefined || customer === undefined || links.length > 3) return false;
  const link = {
    id: idOf(desk.meta.next("late contact_link", firstLate)),
    customer_id: customer.id,
    role: of.pick("role", ["billing", "site"]),
    is_primary: false,
  };
  desk.editor.set("contact", contact.id, { links: [...links, link] });
  return true;
};

/** A contact works for one customer less. */
export const linkRemoved: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean => childrenOf(row, "contact_link").length > 0;
  const contact = choose(desk, of, { entity: "contact", suits })?.row;
  if (contact === undefined) return false;
  desk.editor.set("contact", contact.id, { links: childrenOf(contact, "contact_link").slice(1) });
  return true;
};

/** A custom property of a job gets another value. */
export const propertyChanged: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job" })?.row;
  if (job === undefined) return false;
  const kept = ((job["custom"] ?? []) as { key: string }[]).filter(
    ({ key }) => key !== "parts_used",
  );
  const value = [of.pick("part", partNames)];
  const custom = [...kept, { key: "parts_used", label: "Parts used", value }];
  desk.editor.set("job", job.id, { custom });
  return true;
};

function centsOf(value: unknown): number {
  const { amount = "0" } = (value ?? {}) as { amount?: string };
  return Math.round(Number(amount) * 100);
}
