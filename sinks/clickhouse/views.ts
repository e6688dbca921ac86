import { readFileSync } from "node:fs";

/**
 * The ledger's views, each in a file of its own under `views/`, in the order they build on one
 * another. Their first comment is their documentation.
 */
export const factViews = [
  "current_run",
  "consumed",
  "source_newest",
  "load_newest",
  "outcome_newest",
  "request_newest",
  "parked_newest",
  "rejected_newest",
  "read_vector",
  "observed_newest",
  "absent_newest",
  "sweep_newest",
  "owner_newest",
  "owner_expected",
  "stamp_newest",
  "doubles",
  "latency",
  "destination_value",
] as const;

/** Views on the states that `judge/` works out from those facts. */
export const stateViews = [
  "record_state",
  "field_difference",
  "field_sum",
  "dead_letter",
  "stage_lag",
  "reconciliation",
] as const;

/** All views a question may name. */
export const viewNames: readonly string[] = [...factViews, ...stateViews];

/** A view's definition. */
export function viewSql(name: string): string {
  return readFileSync(new URL(`./views/${name.replaceAll("_", "-")}.sql`, import.meta.url), "utf8");
}

/** The query that judges one chunk of all keys. */
export function judgeSql(chunk: number, chunks: number): string {
  const read = (name: string): string =>
    readFileSync(new URL(`./judge/${name}.sql`, import.meta.url), "utf8");
  return read("state")
    .replace("{{facts}} is", "facts is")
    .replace("{{facts}}", () => read("facts"))
    .replaceAll("{{chunk}}", `cityHash64(key) % ${chunks} = ${chunk}`);
}
