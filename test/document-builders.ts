import type {
  Attachment,
  ContactLink,
  Invoice,
  Note,
  Payment,
} from "../pipeline/core/generated/records.ts";
import { aMeta, envelope } from "./builders.ts";
import { visitAt } from "./visit-builders.ts";

/** A valid note on a job. */
export function aNote(changes: Partial<Note> = {}): Note {
  return {
    ...envelope,
    meta: aMeta(),
    id: "81",
    parent_type: "job",
    parent_id: "1001",
    job_id: "1001",
    customer_id: "1",
    contact_id: null,
    body: "Valve replaced.",
    format: "text",
    visibility: "internal",
    pinned: false,
    author_id: "3",
    author_name: "Tess Ray",
    written_at: visitAt,
    ...changes,
  };
}

/** A valid photo on a job. */
export function anAttachment(changes: Partial<Attachment> = {}): Attachment {
  return {
    ...envelope,
    meta: aMeta(),
    id: "91",
    parent_type: "job",
    parent_id: "1001",
    job_id: "1001",
    customer_id: "1",
    contact_id: null,
    note_id: null,
    file_name: "IMG_0001.jpg",
    mime_type: "image/jpeg",
    size: 3,
    url: null,
    url_expires_at: null,
    kind: "photo",
    taken_at: visitAt,
    file: { sha256: "a".repeat(64), size: 3, mime_detected: "image/jpeg" },
    file_problem: null,
    ...changes,
  };
}

/** A valid link of a contact to a second customer. */
export function aContactLink(changes: Partial<ContactLink> = {}): ContactLink {
  return {
    ...envelope,
    meta: aMeta(),
    id: "31",
    contact_id: "1",
    customer_id: "2",
    contact_customer_id: "1",
    role: "billing",
    is_primary: false,
    first_name: "Ada",
    last_name: "Baker",
    display_name: "Ada Baker",
    title: "Owner",
    emails: [{ value: "ada@bakery.example", label: null }],
    phones: [{ value: "+1 617 555 0101", kind: "mobile", label: null }],
    ...changes,
  };
}

/** An amount in dollars. */
export function dollars(amount: string): { amount: string; currency: string } {
  return { amount, currency: "USD" };
}

/** A valid invoice whose sums agree. */
export function anInvoice(changes: Partial<Invoice> = {}): Invoice {
  return {
    ...envelope,
    meta: aMeta({ members: "whole" }),
    id: "41",
    number: "INV-41",
    job_id: "1001",
    customer_id: "1",
    status: "paid",
    issued_on: "2026-01-21",
    due_on: "2026-02-20",
    subtotal: dollars("100.00"),
    tax: dollars("6.25"),
    fees: dollars("5.00"),
    discount: dollars("1.25"),
    total: dollars("110.00"),
    paid: dollars("110.00"),
    balance: dollars("0.00"),
    currency: "USD",
    adjusts_invoice_id: null,
    voided_at: null,
    external_ref: null,
    job_status: "Completed",
    lines_total: "100.00",
    lines_count: 2,
    payments_total: "110.00",
    payments_count: 1,
    ...changes,
  };
}

/** A valid payment of one invoice. */
export function aPayment(changes: Partial<Payment> = {}): Payment {
  return {
    ...envelope,
    meta: aMeta(),
    id: "43",
    applications: [{ invoice_id: "41", amount: dollars("110.00"), at: visitAt }],
    invoice_id: "41",
    customer_id: "1",
    amount: dollars("110.00"),
    unapplied: dollars("0.00"),
    method: "card",
    status: "succeeded",
    reference: null,
    refund_of: null,
    received_at: visitAt,
    memo: null,
    ...changes,
  };
}
