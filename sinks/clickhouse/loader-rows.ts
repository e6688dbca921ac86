import type { Identity, Outcome, Parked, Request } from "../../pipeline/core/generated/records.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import { type Emit, keyParts, place, stamp, versionColumns } from "./row-columns.ts";

/** How a version ended. */
export function outcomeRows(emit: Emit, record: Consumed, value: Outcome) {
  const { version, order, committed_at, ended_at, ...rest } = value;
  emit("outcome", {
    ...rest,
    ...versionColumns(version),
    order_id: order,
    committed_at: stamp(committed_at),
    ended_at: stamp(ended_at),
    ...place(record),
  });
}

/** A state of a write, and the versions it names (where `withKeys`: they do not change). */
export function requestRows(emit: Emit, record: Consumed, value: Request, withKeys: boolean) {
  const { groups, at, ...rest } = value;
  emit("request", {
    ...rest,
    objects: [...new Set(groups.map((group) => group.object))],
    at: stamp(at),
    ...place(record),
  });
  if (!withKeys) return;
  for (const group of groups) {
    for (const entry of group.entries) {
      emit("request_key", {
        object: group.object,
        key: entry.key,
        run: value.run,
        source_topic: group.source_topic,
        source_partition: entry.partition,
        source_offset: entry.offset,
        request_id: value.request_id,
        operation: group.operation,
      });
    }
  }
}

/** The loader's memory of a row. */
export function identityRows(emit: Emit, record: Consumed, value: Identity) {
  const { object, key, source_id, destination_id, more_ids, ended, origin } = value;
  const { deleted, rolled_back } = value;
  emit("identity", {
    ...{ object, key, source_id, destination_id, more_ids, ended, origin, deleted, rolled_back },
    ...versionColumns(value.version),
    at: stamp(value.at),
    ...place(record),
  });
}

/** A record that waits, or (a null value) waits no more. */
export function parkedRows(emit: Emit, record: Consumed, value: Parked | null) {
  if (value === null) {
    const [object, key] = keyParts(record.key ?? "");
    emit("parked", { object, key, removed: true, ...place(record) });
    return;
  }
  const { version, since, next_try_at, record: _bytes, ...rest } = value;
  const { load_partition: _partition, load_offset: _offset, ...columns } = rest;
  emit("parked", {
    ...columns,
    removed: false,
    ...versionColumns(version),
    since: stamp(since),
    next_try_at: stamp(next_try_at),
    ...place(record),
  });
}
