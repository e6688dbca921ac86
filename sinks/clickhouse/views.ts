import { readFileSync } from "node:fs";

/**
 * The ledger's views, each in a file of its own under `views/`, in the order they build on one
 * another. Their first comment is their documentation.
 */
export const viewNames = [
  "current_run",
  "consumed",
  "source_newest",
  "load_newest",
  "outcome_newest",
  "request_newest",
  "parked_newest",
  "rejected_newest",
  "observed_newest",
  "observed_key",
  "absent_newest",
  "sweep_newest",
  "owner_newest",
  "stamp_newest",
  "judgement",
  "record_state",
  "field_difference",
  "field_sum",
  "dead_letter",
  "doubles",
  "latency",
  "stage_lag",
  "reconciliation",
] as const;

/** A view's name. */
export type ViewName = (typeof viewNames)[number];

/** Names and definitions of all views. */
export function views(): readonly { readonly name: ViewName; readonly sql: string }[] {
  return viewNames.map((name) => ({
    name,
    sql: readFileSync(new URL(`./views/${name.replaceAll("_", "-")}.sql`, import.meta.url), "utf8"),
  }));
}
