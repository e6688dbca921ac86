import type { Version } from "./version.ts";

/**
 * A field's value on its way: decimals and dates (`YYYY-MM-DD`) as text, datetimes as epoch
 * milliseconds, lookups and owners as the target's source key, null to clear.
 */
export type FieldValue = string | number | boolean | null;

/** One destination record as the transform made it, before its references are resolved. */
export interface LoadRecord {
  /** Source key, e.g. `job-1001`. */
  readonly key: string;
  readonly source_id: string;
  readonly entity: string;
  readonly version: Version;
  readonly plan: string;
  readonly revision: number;
  readonly operation: "upsert" | "delete";
  readonly delete_reason: string | null;
  /** Sent although its hash is the one last loaded. */
  readonly repair: boolean;
  readonly order: string | null;
  /** Content hash of operation and fields. */
  readonly hash: string;
  /** When the source record was committed to its topic, epoch milliseconds. */
  readonly committed_at: number;
  /** Null for a delete. */
  readonly fields: Readonly<Record<string, FieldValue>> | null;
  /**
   * Rows whose number varies (parts of a note): each holds the object's `perRow` fields, and stands at
   * the destination as `<key>/<n>`, counted from 1. Absent where a record is one row.
   */
  readonly rows?: readonly Readonly<Record<string, FieldValue>>[];
}
