import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One canonical entity of a truth file. */
export type TruthLine = { readonly entity: string; readonly id: string } & Readonly<
  Record<string, unknown>
>;

const created_at = "2026-01-10T09:00:00Z";

/** Writes a truth file and returns its path. */
export function truthFile(lines: readonly TruthLine[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "cutover-truth-")), "truth.ndjson");
  writeFileSync(path, lines.map((line) => `${JSON.stringify({ created_at, ...line })}\n`).join(""));
  return path;
}

/** A valid customer. */
export function customerLine(id: string, changes: Partial<TruthLine> = {}): TruthLine {
  return { entity: "customer", id, name: `Customer ${id}`, kind: "commercial", ...changes };
}

/** A valid contact of a customer. */
export function contactLine(
  id: string,
  customer: string,
  changes: Partial<TruthLine> = {},
): TruthLine {
  return {
    entity: "contact",
    id,
    customer_id: customer,
    first_name: "Ada",
    last_name: `Baker ${id}`,
    roles: ["site"],
    emails: [{ value: `ada.${id}@customer.example`, label: "work" }],
    ...changes,
  };
}

/** A valid job of a customer. */
export function jobLine(id: string, customer: string, changes: Partial<TruthLine> = {}): TruthLine {
  return {
    entity: "job",
    id,
    number: id,
    customer_id: customer,
    title: `Job ${id}`,
    description: `What is to be done in job ${id}.`,
    status: "Pending",
    status_group: "pending",
    urgency: "normal",
    channel: "phone",
    total: { amount: "30.00", currency: "USD" },
    ...changes,
  };
}

/** A valid line of a job, as it stands inside the job. */
export function lineOf(id: string, changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    id,
    position: 1,
    kind: "part",
    sku: `P-${id}`,
    description: `Part ${id}`,
    quantity: "1.500",
    unit: "ea",
    unit_price: { amount: "10.00", currency: "USD" },
    total: { amount: "15.00", currency: "USD" },
    taxable: true,
    ...changes,
  };
}
