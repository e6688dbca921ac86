import type { RecordError } from "./errors.ts";

/** Where a rejected record was read and what is wrong with it. */
export interface Rejected {
  readonly stage: "poll" | "transform" | "load";
  readonly error: RecordError;
  readonly entity: string;
  /** The source's own id; empty where not even that could be read. */
  readonly sourceId: string;
  /** Amendment revision in force. */
  readonly revision: number;
  readonly run: number;
  /** The record's place in its topic; left out where it never reached one. */
  readonly place?: { readonly topic: string; readonly partition: number; readonly offset: number };
}

/** Headers of a rejected record: Kafka Connect's names, so that its tools read them, and our own facts. */
export function rejectionHeaders(rejected: Rejected): Record<string, string> {
  const { stage, error, entity, sourceId, revision, run, place } = rejected;
  return {
    "__connect.errors.topic": place?.topic ?? "",
    "__connect.errors.partition": place === undefined ? "" : String(place.partition),
    "__connect.errors.offset": place === undefined ? "" : String(place.offset),
    "__connect.errors.connector.name": "cutover",
    "__connect.errors.task.id": "0",
    "__connect.errors.stage": connectStages[stage],
    "__connect.errors.class.name": stage,
    "__connect.errors.exception.class.name": error.code,
    "__connect.errors.exception.message": error.message,
    "__connect.errors.exception.stacktrace": "",
    "cutover.error.code": error.code,
    "cutover.stage": stage,
    "cutover.object": error.object ?? "",
    "cutover.entity": entity,
    "cutover.field": error.field ?? "",
    "cutover.source.id": sourceId,
    "cutover.revision": String(revision),
    "cutover.run": String(run),
  };
}

/** Key of a rejected record. */
export function rejectionKey(entity: string, sourceId: string): string {
  return `${entity}|${sourceId}`;
}

/** Connect's own names for what was being done. */
const connectStages = { poll: "TASK_POLL", transform: "TRANSFORMATION", load: "TASK_PUT" } as const;
