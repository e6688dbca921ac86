import type { Writer } from "../../extension.ts";
import type { Row, Values } from "../../rows/row.ts";
import { ApiError } from "../../web/api-error.ts";

/** 405: a closed row takes no other change than a new state. */
export function refuseClosed(writer: Writer, row: Row, changes: Values): void {
  if (!writer.env.settings.current().closedReadOnly) return;
  const others = Object.keys(changes).filter(
    (name) => name !== "statecode" && name !== "statuscode",
  );
  if (others.length > 0) throw closed(row);
}

/** 405: the row is closed. */
export function closed(row: Row): ApiError {
  return new ApiError(
    405,
    "0x80040228",
    `The ${row.table} with Id = ${row.id} is closed and read-only. It must be opened before it is changed.`,
  );
}

const going = new WeakMap<Writer, Set<string>>();

/** Notes that a row is being deleted: what hangs on it goes with it, closed or not. */
export function noteGoing(writer: Writer, row: Row): void {
  going.set(writer, (going.get(writer) ?? new Set()).add(row.id));
}

/** Whether a row is being deleted by this request. */
export function isGoing(writer: Writer, row: Row): boolean {
  return going.get(writer)?.has(row.id) === true;
}
