import { createHash } from "node:crypto";

/** The entities that have a list of their own; line_item, assignment and job_status_event live inside their job. */
export const entities = [
  "zone",
  "user",
  "technician",
  "customer",
  "service_location",
  "contact",
  "job",
  "note",
  "attachment",
] as const;

/** An entity of the truth ledger. */
export type Entity = (typeof entities)[number];

/** Where a job keeps its children, by child entity. */
export const childFields = {
  job_status_event: "status_events",
  assignment: "assignments",
  line_item: "line_items",
} as const;

/** An entity nested in a job. */
export type ChildEntity = keyof typeof childFields;

/** One record with the domain model's field names; ids are strings, times ISO UTC, money `{amount, currency}`. */
export interface Row {
  id: string;
  created_at: string | null;
  updated_at: string | null;
  active: boolean;
  [field: string]: unknown;
}

/** A child inside a job. */
export type Child = { id: string | null } & Record<string, unknown>;

/** The children of a job, as the arrays inside it (an empty list where it has none). */
export function childrenOf(row: Row, child: ChildEntity): Child[] {
  return (row[childFields[child]] as Child[] | undefined) ?? [];
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
