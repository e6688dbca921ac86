import type { Row } from "../store/object-rows.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";

/** Throws 412 where the row was changed after the time of `If-Unmodified-Since` (REST guide, "Conditional Request Headers"). */
export function checkUnmodified(call: Call, row: Row): void {
  const since = secondsOf(call.headers["if-unmodified-since"]);
  if (since === undefined || changedAt(row) <= since) return;
  const message = "The record was modified after the time of If-Unmodified-Since";
  throw new ApiError(412, "PRECONDITION_FAILED", message);
}

/** Whether the client has the row as it is, by `If-Modified-Since`. */
export function isKnown(call: Call, row: Row): boolean {
  const since = secondsOf(call.headers["if-modified-since"]);
  return since !== undefined && changedAt(row) <= since;
}

/** When the row last changed, as the header says it. */
export function lastModified(row: Row): Record<string, string> {
  return { "last-modified": new Date(changedAt(row) * 1_000).toUTCString() };
}

/** Whole seconds: finer times do not fit in the header. */
function changedAt(row: Row): number {
  return Math.floor(Date.parse(String(row.values["LastModifiedDate"])) / 1_000);
}

function secondsOf(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? "");
  return Number.isNaN(at) ? undefined : Math.floor(at / 1_000);
}
