import type { TableDef } from "../model.ts";
import { etagOf } from "../query/render.ts";
import type { Row } from "../rows/row.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";

/** What a header demands; `null`, which many clients send, demands nothing. */
function demanded(header: string | undefined): string | undefined {
  return header === undefined || header === "null" || header.trim() === ""
    ? undefined
    : header.trim();
}

/** `If-Match` of a call: an ETag, `*`, or nothing. */
export function ifMatch(call: Call): string | undefined {
  return demanded(call.headers["if-match"]);
}

/** `If-None-Match` of a call: an ETag, `*`, or nothing. */
export function ifNoneMatch(call: Call): string | undefined {
  return demanded(call.headers["if-none-match"]);
}

/** Throws 412 where the row is no longer the version the caller read. */
export function refuseStale(call: Call, table: TableDef, row: Row): void {
  const wanted = ifMatch(call);
  if (wanted === undefined || wanted === "*") return;
  if (table.optimisticConcurrency === false) {
    const message = `Optimistic concurrency isn't enabled for entity type ${table.logicalName}. The IfVersionMatches value of ConcurrencyBehavior can only be used if optimistic concurrency is enabled.`;
    throw new ApiError(400, "0x8006088D", message);
  }
  if (wanted === etagOf(row)) return;
  throw new ApiError(
    412,
    "0x80060882",
    "The version of the existing record doesn't match the RowVersion property provided.",
  );
}
