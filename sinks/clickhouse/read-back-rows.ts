import type { Control, Observed } from "../../pipeline/core/generated/records.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import type { Comparer } from "./comparable.ts";
import { type Emit, place, stamp } from "./row-columns.ts";

/** A destination row as read, or what was said about a sweep or a question. */
export function observedRows(
  emit: Emit,
  record: Consumed,
  value: Observed,
  comparer: Comparer,
  withRead: boolean,
) {
  const { object, kind, key, read_id, lane } = value;
  const read = { object, key: key ?? "", read_id, read_at: stamp(value.read_at) };
  if (kind === "row") {
    const { destination_id, deleted, modified_at, modified_by } = value;
    const { fields, ...sides } = comparer.found(object, key, value.fields);
    emit("observed_row", {
      ...{ ...read, destination_id, deleted, modified_by, lane, modified_at: stamp(modified_at) },
      ...sides,
      fields: JSON.stringify(fields),
      ...place(record),
    });
  }
  if (!withRead) return;
  const { outcome_before, request_after, load_before, observed_end, rows } = value;
  emit("observed_read", {
    ...{ ...read, kind, outcome_before, request_after, load_before },
    key: kind === "row" ? "" : read.key,
    rows: rows ?? 0,
    our_user: kind === "sweep_begin" ? (value.modified_by ?? "") : "",
    observed_end: observed_end ?? [],
  });
}

/** A decision. */
export function controlRows(emit: Emit, record: Consumed, value: Control) {
  emit("control_event", { ...value, at: stamp(value.at), ...place(record) });
}
