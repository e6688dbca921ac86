import type { RecordError } from "../core/errors.ts";
import type { LoadRecord } from "../core/load-record.ts";
import type { SourceRecord } from "../core/source-record.ts";
import type { Version } from "../core/version.ts";

/** What of a load record does not come from the source record itself. */
export interface MapContext {
  readonly version: Version;
  /** When the source record was committed, epoch milliseconds. */
  readonly committedAt: number;
}

/** What became of one record at one mapping. */
export type MapResult =
  | { readonly kind: "mapped"; readonly record: LoadRecord }
  | { readonly kind: "rejected"; readonly error: RecordError }
  | { readonly kind: "skipped"; readonly reason: "members_pending" };

/** One mapping, compiled: a pure function of one record. */
export interface Mapper {
  readonly object: string;
  readonly entity: string;
  map(record: SourceRecord, context: MapContext): MapResult;
}
