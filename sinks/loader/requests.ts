import { randomUUID } from "node:crypto";
import type { Request } from "../../pipeline/core/generated/records.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkGroup } from "../sink.ts";
import type { Choice } from "./choice.ts";
import type { Plans } from "./plans.ts";
import { isInHand, keyOf, none, type OpenRow, rowId, type SentRow } from "./taken.ts";

/** A request from its commit to its end. */
export interface OpenRequest {
  readonly id: string;
  readonly channel: "bulk" | "small";
  readonly groups: readonly {
    readonly plan: ObjectPlan;
    readonly operation: Operation;
    /** Its rows' versions are of it. */
    readonly sourceTopic: string;
    /** Shared with the rows' entries in memory. */
    readonly rows: readonly OpenRow[];
  }[];
  /** Parents it holds; null for a predecessor's until its rows have been read again. */
  shards: ReadonlySet<number> | null;
  /** Its rows take bytes along; of a predecessor's, whose rows are not read again, they may. */
  readonly files: boolean;
  /** As committed first; the entries of our own are made of its rows each time. */
  readonly record: Request;
  readonly size: number;
  /** Of its records; 0 of a predecessor's. */
  readonly bytes: number;
  jobId: string | null;
  /** Monotonic milliseconds of its commit. */
  readonly committedAt: number;
  /** Of a predecessor: its rows' versions are read again. */
  readonly adopted: boolean;
}

/** A request for chosen rows, not committed yet. */
export function requestOf(choice: Choice, run: number): OpenRequest {
  const id = randomUUID();
  const groups = choice.groups.map(({ plan, operation, rows }) => ({
    plan,
    operation,
    sourceTopic: rows[0]?.taken.record.version.topic ?? "",
    rows: rows.map(
      ({ taken, row, loaded }): OpenRow => ({
        id: taken.id,
        requestId: id,
        operation,
        offset: taken.record.offset,
        destinationId: row.destinationId,
        moreIds: row.moreIds ?? none,
        taken,
        sent: row,
        loaded,
        older: none,
      }),
    ),
  }));
  const size = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const all = choice.groups.flatMap(({ rows }) => rows);
  const bytes = all.reduce((sum, { taken }) => sum + taken.stored.bytes, 0);
  const { channel, shards, files } = choice;
  const record = headOf(id, channel, run, size);
  const committedAt = performance.now();
  const mine = { jobId: null, committedAt, adopted: false };
  return { id, channel, groups, shards, files, record, size, bytes, ...mine };
}

function headOf(id: string, channel: string, run: number, rows: number): Request {
  return {
    request_id: id,
    run,
    channel,
    state: "intended",
    job_id: null,
    lane: "0",
    groups: [],
    rows,
    at: Date.now(),
    note: null,
  };
}

function groupsOf({ groups }: OpenRequest): Request["groups"] {
  return groups.map(({ plan, operation, sourceTopic, rows }) => {
    return {
      object: plan.object,
      operation,
      topic: rows[0]?.taken?.topic ?? "",
      source_topic: sourceTopic,
      entries: rows.filter(isInHand).map(entryOf),
    };
  });
}

function entryOf({ id, destinationId, moreIds, taken }: SentRow) {
  const { partition, offset } = taken.record;
  return {
    key: keyOf(id),
    offset,
    partition,
    load_offset: taken.offset,
    load_partition: taken.partition,
    destination_id: destinationId,
    more_ids: [...moreIds],
  };
}

/** A predecessor's request, its rows' versions still to be read again. */
export function adoptedOf(record: Request, plans: Plans): OpenRequest {
  const groups = record.groups.map((group) => {
    // `<migration>.source.<entity>`
    const entity = group.source_topic.slice(group.source_topic.lastIndexOf(".") + 1);
    const plan = plans.of(group.object, entity);
    const operation = group.operation as Operation;
    const rows = group.entries.map(
      (entry): OpenRow => ({
        id: rowId(group.object, entry.key),
        requestId: record.request_id,
        operation,
        offset: entry.offset,
        destinationId: entry.destination_id,
        moreIds: entry.more_ids.length === 0 ? none : entry.more_ids,
        taken: null,
        sent: null,
        loaded: null,
        older: none,
      }),
    );
    return { plan, operation, sourceTopic: group.source_topic, rows };
  });
  return {
    id: record.request_id,
    channel: record.channel === "bulk" ? "bulk" : "small",
    groups,
    shards: null,
    files: groups.some(({ plan }) => plan.fields.some(({ type }) => type === "file")),
    record,
    size: record.rows,
    bytes: 0,
    jobId: record.job_id,
    committedAt: performance.now(),
    adopted: true,
  };
}

/** The groups as the sink takes them; of an adopted request keys and ids only. */
export function sinkGroups(request: OpenRequest): SinkGroup[] {
  return request.groups.map(({ plan, operation, rows }) => ({
    plan,
    operation,
    rows: rows.map(
      ({ id, sent, destinationId, moreIds }) =>
        sent ?? { key: keyOf(id), destinationId, moreIds, fields: {} },
    ),
  }));
}

/** The request's record in a state. */
export function inState(
  request: OpenRequest,
  state: "intended" | "job_created" | "ended" | "abandoned",
  note: string | null = null,
): Request {
  const { record, adopted, jobId } = request;
  const groups = adopted ? record.groups : groupsOf(request);
  return { ...record, groups, state, job_id: jobId, at: Date.now(), note };
}
