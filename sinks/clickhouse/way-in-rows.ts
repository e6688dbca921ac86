import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import type { Comparer } from "./comparable.ts";
import { recordFindings } from "./findings/record-findings.ts";
import { type Emit, keyParts, place, stamp, versionColumns } from "./row-columns.ts";

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
    ...recordFindings(entity, value),
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
  const { fields, ...sides } = comparer.expected(
    object,
    value.entity,
    value.fields ?? {},
    value.rows ?? [],
  );
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
    ...sides,
    fields: JSON.stringify(fields),
    ...place(record),
  });
}

/** A letter: facts stand in its headers, the value is foreign bytes. */
export function rejectedRows(emit: Emit, record: Consumed) {
  const head = (name: string): string => record.headers[name] ?? "";
  const entity = head("cutover.entity") || keyParts(record.key ?? "")[0];
  const id = head("cutover.source.id") || keyParts(record.key ?? "")[1];
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
