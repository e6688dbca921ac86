import type {
  Control,
  Identity,
  Observed,
  Outcome,
  Parked,
  Request,
} from "../../pipeline/core/generated/records.ts";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import type { Version } from "../../pipeline/core/version.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import type { Comparer } from "./comparable.ts";
import type { Row } from "./database.ts";

/** Where rows go, by table. */
export type Emit = (table: string, row: Row) => void;

type Place = Pick<Consumed, "topic" | "partition" | "offset">;

/** Epoch milliseconds as ClickHouse reads a DateTime64(3): decimal seconds. */
export function stamp(ms: number | null): string | null {
  return ms === null ? null : (ms / 1000).toFixed(3);
}

function place({ topic, partition, offset }: Place): Place {
  return { topic, partition, offset };
}

function versionColumns(version: Version) {
  return {
    run: version.run,
    source_topic: version.topic,
    source_partition: version.partition,
    source_offset: version.offset,
  };
}

/** A version of a source record. */
export function sourceRows(emit: Emit, record: Consumed, entity: string, value: SourceRecord) {
  const { meta, id } = value;
  emit("source_record", {
    entity,
    source_id: id,
    key: sourceKey(entity, id),
    deleted: meta.deleted,
    delete_reason: meta.delete_reason,
    members: meta.members,
    order_id: meta.order,
    repair: meta.repair,
    revision: meta.revision,
    hash: meta.hash,
    read_at: stamp(meta.read_at),
    committed_at: stamp(record.timestamp),
    ...place(record),
  });
}

/** What is expected at the destination. */
export function loadRows(
  emit: Emit,
  record: Consumed,
  object: string,
  value: LoadRecord,
  comparer: Comparer,
) {
  emit("load_record", {
    object,
    key: value.key,
    source_id: value.source_id,
    entity: value.entity,
    ...versionColumns(value.version),
    plan: value.plan,
    revision: value.revision,
    operation: value.operation,
    delete_reason: value.delete_reason,
    repair: value.repair,
    order_id: value.order,
    hash: value.hash,
    committed_at: stamp(value.committed_at),
    ...comparer.expected(object, value.entity, value.fields ?? {}),
    ...place(record),
  });
}

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
  const { object, key, source_id, destination_id, ended, origin, deleted, rolled_back } = value;
  emit("identity", {
    ...{ object, key, source_id, destination_id, ended, origin, deleted, rolled_back },
    ...versionColumns(value.version),
    at: stamp(value.at),
    ...place(record),
  });
}

/** A record that waits, or (a null value) waits no more. */
export function parkedRows(emit: Emit, record: Consumed, value: Parked | null) {
  if (value === null) {
    const [object = "", key = ""] = split(record.key ?? "");
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

function split(text: string): [string, string] {
  const bar = text.indexOf("|");
  return bar < 0 ? ["", text] : [text.slice(0, bar), text.slice(bar + 1)];
}

/** A letter: facts stand in its headers, the value is foreign bytes. */
export function rejectedRows(emit: Emit, record: Consumed) {
  const head = (name: string): string => record.headers[name] ?? "";
  const entity = head("cutover.entity") || (split(record.key ?? "")[0] ?? "");
  const id = head("cutover.source.id") || (split(record.key ?? "")[1] ?? "");
  const offset = head("__connect.errors.offset");
  emit("rejected", {
    entity,
    source_id: id,
    key: sourceKey(entity, id),
    object: head("cutover.object"),
    code: head("cutover.error.code"),
    stage: head("cutover.stage"),
    field: head("cutover.field") || null,
    message: head("__connect.errors.exception.message"),
    revision: Number(head("cutover.revision")) || 0,
    source_topic: head("__connect.errors.topic"),
    source_partition: Number(head("__connect.errors.partition")) || 0,
    source_offset: offset === "" ? -1 : Number(offset),
    at: stamp(record.timestamp),
    ...place(record),
  });
}

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
    emit("observed_row", {
      ...{ ...read, destination_id, deleted, modified_by, lane, modified_at: stamp(modified_at) },
      ...comparer.found(object, key, value.fields),
      ...place(record),
    });
  }
  if (!withRead) return;
  const { outcome_before, request_after, load_before, observed_end, rows } = value;
  emit("observed_read", {
    ...{ ...read, kind, outcome_before, request_after, load_before },
    key: kind === "row" ? "" : read.key,
    rows: rows ?? 0,
    observed_end: observed_end ?? [],
  });
}

/** A decision. */
export function controlRows(emit: Emit, record: Consumed, value: Control) {
  emit("control_event", { ...value, at: stamp(value.at), ...place(record) });
}
