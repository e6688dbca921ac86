import type { Child } from "../truth/row.ts";
import { decimal } from "./line-items.ts";
import { idOf } from "./world.ts";

/**
 * How many of each a job has, by its place among ten: 1.3 appointments, 0.8 notes, 0.3 files, 0.4
 * activities. Fixed, so that each has a running number without a gap and planted rates hold exactly.
 */
const perTen = {
  appointment: [1, 2, 1, 1, 2, 1, 1, 1, 2, 1],
  note: [1, 0, 2, 1, 0, 1, 0, 1, 1, 1],
  attachment: [0, 0, 2, 0, 0, 1, 0, 0, 0, 0],
  activity: [1, 0, 0, 1, 0, 1, 0, 0, 1, 0],
} as const;

/** Children of a job that are records of their own. */
export type CountedChild = keyof typeof perTen;

/** How many of them a job has. */
export function countOf(child: CountedChild, job: number): number {
  return perTen[child][job % 10] ?? 0;
}

/** The running number of a job's nth child of a kind. */
export function ordinalOf(child: CountedChild, job: number, nth: number): number {
  const counts: readonly number[] = perTen[child];
  const sum = (of: readonly number[]): number => of.reduce((total, count) => total + count, 0);
  return Math.floor(job / 10) * sum(counts) + sum(counts.slice(0, job % 10)) + nth;
}

/** The id of a job's first appointment, which every job has. */
export function firstAppointment(job: number): string {
  return idOf(ordinalOf("appointment", job, 0));
}

/** The id of a job's bill. */
export function invoiceId(job: number): string {
  return idOf(job);
}

/** Credit notes take their ids from here on. */
const firstCreditNote = 20_000_000;

/** The id of a job's credit note. */
export function creditNoteId(job: number): string {
  return idOf(firstCreditNote + job);
}

/** What a credit note gives back. */
export const creditCents = -2_500;

/** The line a credit note stands for. */
export function creditLineOf(job: number, position: number): { line: Child; cents: number } {
  const money = { amount: decimal(creditCents), currency: "USD" };
  const line = {
    id: idOf(firstCreditNote + job),
    invoice_id: creditNoteId(job),
    position,
    kind: "discount",
    sku: null,
    service_type: null,
    description: "Goodwill",
    quantity: "1",
    unit: "ea",
    unit_price: money,
    cost: null,
    tax: null,
    total: money,
    technician_id: null,
    taxable: false,
  };
  return { line, cents: creditCents };
}
