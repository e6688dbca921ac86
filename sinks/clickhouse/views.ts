import { readFileSync } from "node:fs";
import { inChunk } from "./buckets.ts";

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
  "owner_confirmed",
  "stamp_newest",
  "doubles",
  "latency",
] as const;

/** Views on the states that `judge/` works out from those facts. */
export const stateViews = [
  "record_state",
  "field_difference",
  "field_sum",
  "destination_value",
  "dead_letter",
  "stage_lag",
  "reconciliation",
] as const;

/** Views on what the records show, worked out when one of them is asked. */
export const findingViews = ["finding", "finding_count"] as const;

/** All views a question may name. */
export const viewNames: readonly string[] = [...factViews, ...stateViews, ...findingViews];

/** Tables behind them that are worked out anew before an answer: whose a destination row is, and its state. */
export const judgedTables = ["record_judged", "row_key"] as const;

/** A view's definition. */
export function viewSql(name: string): string {
  return readFileSync(new URL(`./views/${name.replaceAll("_", "-")}.sql`, import.meta.url), "utf8");
}

/** A query of the judging, for one chunk of all records, or of all destination rows. */
export function judgeSql(name: JudgeQuery, chunk: number, chunks: number): string {
  const read = (file: string): string =>
    readFileSync(new URL(`./judge/${file}.sql`, import.meta.url), "utf8");
  const of = (column: string): string => inChunk(column, chunk, chunks);
  return read(name)
    .replace("{{facts}} is", "facts is")
    .replace("{{facts}}", () => read("facts"))
    .replaceAll("{{chunk}}", of("key"))
    .replaceAll("{{record_chunk}}", of("record"))
    .replaceAll("{{id_chunk}}", of("destination_id"));
}

/** Queries of the judging, each in a file under `judge/`. */
export type JudgeQuery =
  | "keys"
  | "unclaimed"
  | "unsettled"
  | "reads"
  | "expected"
  | "found"
  | "state";
