import { createHash } from "node:crypto";
import { z } from "zod";
import { rowError, refused, type RowOutcome } from "../dml/row-error.ts";
import type { Draft } from "../dml/chunk.ts";
import type { Org } from "../org.ts";
import type { Job } from "./job.ts";

const failBatch = z.object({ rows: z.int().min(0).default(0), message: z.string().optional() });
const lockRows = z.object({
  percent: z.number().min(0).max(100).default(10),
  seed: z.int().default(1),
});
const refuseRows = z.object({
  rows: z.int().min(1).default(1),
  code: z.string().default("FIELD_CUSTOM_VALIDATION_EXCEPTION"),
  message: z.string().default("A validation rule of this org\nrefuses this row: try: again"),
});

/** What a batch is to suffer. */
export interface BatchFaults {
  /** After so many rows the job fails and the rest stays unprocessed. */
  readonly failAfter: number | undefined;
  readonly failMessage: string;
  /** The refusal planted for a row, where there is one. */
  refusal(draft: Draft, place: number): RowOutcome | undefined;
}

/** What faults of a job are matched by: `<object> <operation> <job id>`. */
export function subjectOf(job: Job): string {
  return `${job.body.object} ${job.body.operation} ${job.id}`;
}

/** Rows that were refused a lock once; a retry gets it. */
const lockedOnce = new WeakMap<Org, Set<string>>();

/** Asks the fault plan what strikes a batch that is about to run. */
export function batchFaults(org: Org, job: Job): BatchFaults {
  const subject = subjectOf(job);
  const fail = org.faults.take("fail_batch", subject);
  const lock = org.faults.take("lock_rows", subject);
  const refuse = org.faults.take("refuse_rows", subject);
  const failing = fail === undefined ? undefined : failBatch.parse(fail);
  const locking = lock === undefined ? undefined : lockRows.parse(lock);
  const refusing = refuse === undefined ? undefined : refuseRows.parse(refuse);
  const seen = lockedOnce.get(org) ?? new Set<string>();
  lockedOnce.set(org, seen);
  return {
    failAfter: failing?.rows,
    failMessage: failing?.message ?? "InternalServerError : Batch failed after too many retries",
    refusal(draft, place) {
      if (refusing !== undefined && place < refusing.rows) {
        return refused(rowError(refusing.code, refusing.message), draft.id);
      }
      if (locking === undefined) return undefined;
      const mark = createHash("sha1")
        .update(
          `${locking.seed}\n${draft.object.name}\n${draft.id}\n${JSON.stringify(draft.values)}`,
        )
        .digest();
      const name = mark.toString("base64");
      if ((mark.readUInt32BE(0) / 2 ** 32) * 100 >= locking.percent || seen.has(name))
        return undefined;
      seen.add(name);
      return refused(lockRefusal(parentOf(draft) ?? draft.id ?? ""), draft.id);
    },
  };
}

/** The refusal of a row whose parent another transaction holds. */
export function lockRefusal(id: string): ReturnType<typeof rowError> {
  const message = `unable to obtain exclusive access to this record or 1 records: ${id}`;
  return rowError("UNABLE_TO_LOCK_ROW", message);
}

/** The parent whose row a write locks: the first lookup that is no user. */
export function parentOf(draft: Draft): string | undefined {
  for (const field of draft.object.fields.values()) {
    if (field.type !== "reference" || field.referenceTo.includes("User")) continue;
    const value = draft.values[field.name];
    if (typeof value === "string") return value;
  }
  return undefined;
}
