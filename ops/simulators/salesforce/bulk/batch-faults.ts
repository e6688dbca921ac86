import { createHash } from "node:crypto";
import { rowError, refused, type RowOutcome } from "../dml/row-error.ts";
import type { Draft } from "../dml/chunk.ts";
import { takeFault } from "../fault-kinds.ts";
import type { Org } from "../org.ts";
import type { Job } from "./job.ts";
import { lockRefusal, parentsOf } from "./locks.ts";

/** What a batch is to suffer. */
export interface BatchFaults {
  /** After so many rows the job fails and the rest stays unprocessed. */
  readonly failAfter: number | undefined;
  readonly failMessage: string;
  /** What each 200 rows take at least. */
  readonly chunkMs: number;
  /** The refusals planted in a chunk, by place; `first` is the place of its first row in the batch. */
  refusals(drafts: readonly Draft[], first: number): (RowOutcome | undefined)[];
}

/** What faults of a job are matched by: `<object> <operation> <job id>`. */
export function subjectOf(job: Job): string {
  return `${job.body.object} ${job.body.operation} ${job.id}`;
}

/** Asks the fault plan what strikes a batch that is about to run. */
export function batchFaults(org: Org, job: Job): BatchFaults {
  const subject = subjectOf(job);
  const failing = takeFault(org, "fail_batch", subject);
  const locking = takeFault(org, "lock_rows", subject);
  const refusing = takeFault(org, "refuse_rows", subject);
  const slow = takeFault(org, "slow_batch", subject);
  return {
    failAfter: failing?.rows,
    failMessage: failing?.message ?? "",
    chunkMs: slow?.ms ?? 0,
    refusals(drafts, first) {
      if (locking === undefined && refusing === undefined) return [];
      const shared = locking?.sharing === true ? sharedParents(drafts) : undefined;
      return drafts.map((draft, at) => {
        if (refusing !== undefined && first + at < refusing.rows) {
          return refused(rowError(refusing.code, refusing.message), draft.id);
        }
        const parent = parentsOf(draft).find((id) => shared?.has(id) ?? true);
        if (locking === undefined || (shared !== undefined && parent === undefined)) {
          return undefined;
        }
        if (!losesOnce(org, draft, locking)) return undefined;
        return refused(lockRefusal(parent ?? draft.id ?? ""), draft.id);
      });
    },
  };
}

function sharedParents(drafts: readonly Draft[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const parent of drafts.flatMap((draft) => parentsOf(draft))) {
    if (seen.has(parent)) shared.add(parent);
    seen.add(parent);
  }
  return shared;
}

/** Rows that were refused a lock once; a retry gets it. */
const lockedOnce = new WeakMap<Org, Set<string>>();

function losesOnce(org: Org, draft: Draft, { seed, percent }: { seed: number; percent: number }) {
  const seen = lockedOnce.get(org) ?? new Set<string>();
  lockedOnce.set(org, seen);
  const text = `${seed}\n${draft.object.name}\n${draft.id}\n${JSON.stringify(draft.values)}`;
  const mark = createHash("sha1").update(text).digest();
  const name = mark.toString("base64");
  if ((mark.readUInt32BE(0) / 2 ** 32) * 100 >= percent || seen.has(name)) return false;
  seen.add(name);
  return true;
}
