import { createHash } from "node:crypto";

/** The entities that have a list of their own; the others live inside the record `nests` names. */
export const entities = [
  "zone",
  "user",
  "technician",
  "customer",
  "service_location",
  "contact",
  "job",
  "appointment",
  "note",
  "attachment",
  "activity",
  "invoice",
  "payment",
  "custom_property_def",
] as const;

/** An entity of the truth ledger. */
export type Entity = (typeof entities)[number];

/** Where a record keeps its children, by child entity: whose, in which field, and how a child names it. */
export const nests = {
  job_status_event: { parent: "job", field: "status_events", reference: "job_id" },
  assignment: { parent: "job", field: "assignments", reference: "job_id" },
  line_item: { parent: "job", field: "line_items", reference: "job_id" },
  contact_link: { parent: "contact", field: "links", reference: "contact_id" },
} as const;

/** An entity nested in another. */
export type ChildEntity = keyof typeof nests;

/** Every name the truth can be asked by. */
export const truthNames: readonly string[] = [...entities, ...Object.keys(nests)];

/** One record with the domain model's field names; ids are strings, times ISO UTC, money `{amount, currency}`. */
export interface Row {
  id: string;
  created_at: string | null;
  updated_at: string | null;
  active: boolean;
  [field: string]: unknown;
}

/** A child inside another record. */
export type Child = { id: string | null } & Record<string, unknown>;

/** The children of a record, as the arrays inside it (an empty list where it has none). */
export function childrenOf(row: Row, child: ChildEntity): Child[] {
  return (row[nests[child].field] as Child[] | undefined) ?? [];
}

/** What a record goes with when that is deleted, as `entity:id`; null for one that stands alone. */
export function ownerOf(entity: Entity, row: Row): string | null {
  const { job_id: job, parent_type: type, parent_id: parent } = row;
  if (entity === "note" || entity === "attachment")
    return `${type === "location" ? "service_location" : String(type)}:${String(parent)}`;
  if (entity === "payment") {
    const invoices = (row["applications"] ?? []) as { invoice_id: string }[];
    return invoices.length === 1 ? `invoice:${invoices[0]?.invoice_id}` : null;
  }
  const owned = entity === "appointment" || entity === "activity" || entity === "invoice";
  return owned && typeof job === "string" ? `job:${job}` : null;
}

/** A hash that does not depend on the order of keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
