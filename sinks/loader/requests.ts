import { randomUUID } from "node:crypto";
import type { Request } from "../../pipeline/core/generated/records.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkGroup } from "../sink.ts";
import type { Choice } from "./choose.ts";
import type { Plans } from "./plans.ts";
import { type OpenRow, type Ready, type RowId, rowId } from "./taken.ts";

/** A row a request names; `row` is shared with the row's entry in memory. */
export interface RequestRow {
  readonly id: RowId;
  readonly key: string;
  readonly row: OpenRow;
}

/** A request from its commit to its end. */
export interface OpenRequest {
  readonly id: string;
  readonly channel: "bulk" | "collections";
  readonly groups: readonly {
    readonly plan: ObjectPlan;
    readonly operation: Operation;
    readonly rows: readonly RequestRow[];
  }[];
  readonly shards: ReadonlySet<number>;
  /** As last committed. */
  record: Request;
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
    rows: rows.map((ready) => ({
      id: ready.taken.id,
      key: ready.row.key,
      row: {
        requestId: id,
        operation,
        offset: ready.taken.record.version.offset,
        destinationId: ready.row.destinationId,
        moreIds: ready.row.moreIds ?? [],
        sent: ready,
        older: [],
      },
    })),
  }));
  return {
    id,
    channel: choice.channel,
    groups,
    shards: choice.shards,
    record: recordOf(id, choice, run),
    jobId: null,
    committedAt: performance.now(),
    adopted: false,
  };
}

function recordOf(id: string, choice: Choice, run: number): Request {
  return {
    request_id: id,
    run,
    channel: choice.channel,
    state: "intended",
    job_id: null,
    lane: "0",
    groups: choice.groups.map(({ plan, operation, rows }) => ({
      object: plan.object,
      operation,
      topic: rows[0]?.taken.topic ?? "",
      source_topic: rows[0]?.taken.record.version.topic ?? "",
      entries: rows.map(({ taken, row }) => ({
        key: row.key,
        offset: taken.record.version.offset,
        partition: taken.record.version.partition,
        load_offset: taken.offset,
        load_partition: taken.partition,
        destination_id: row.destinationId,
        more_ids: [...(row.moreIds ?? [])],
      })),
    })),
    rows: choice.groups.reduce((sum, { rows }) => sum + rows.length, 0),
    at: Date.now(),
    note: null,
  };
}

/** A predecessor's request, its rows' versions still to be read again. */
export function adoptedOf(record: Request, plans: Plans): OpenRequest {
  const groups = record.groups.map((group) => {
    // `<migration>.source.<entity>`
    const entity = group.source_topic.slice(group.source_topic.lastIndexOf(".") + 1);
    const plan = plans.of(group.object, entity);
    const operation = group.operation as Operation;
    const rows = group.entries.map((entry) => ({
      id: rowId(group.object, entry.key),
      key: entry.key,
      row: {
        requestId: record.request_id,
        operation,
        offset: entry.offset,
        destinationId: entry.destination_id,
        moreIds: entry.more_ids,
        sent: null as Ready | null,
        older: [],
      },
    }));
    return { plan, operation, rows };
  });
  return {
    id: record.request_id,
    channel: record.channel as OpenRequest["channel"],
    groups,
    shards: new Set(),
    record,
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
      ({ key, row: { sent, destinationId, moreIds } }) =>
        sent?.row ?? { key, destinationId, moreIds, fields: {} },
    ),
  }));
}

/** The request's record in a later state. */
export function inState(
  request: OpenRequest,
  state: "job_created" | "ended" | "abandoned",
  note: string | null = null,
): Request {
  return { ...request.record, state, job_id: request.jobId, at: Date.now(), note };
}
