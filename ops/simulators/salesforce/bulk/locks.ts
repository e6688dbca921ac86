import { createHash } from "node:crypto";
import type { Draft } from "../dml/chunk.ts";
import { rowError } from "../dml/row-error.ts";
import type { Org } from "../org.ts";

/**
 * The locks batches under way hold: each the parents of the 200 rows it works on, because a write
 * locks the rows its lookups name. Rows of one chunk never contend with one another.
 */
export interface Locks {
  /** Begins a chunk of a batch: what its chunk before held is free. */
  begin(batch: string): void;
  /** The parent another batch holds and this row lost to; else the row's parents are held by this batch. */
  lost(batch: string, draft: Draft, place: number): string | undefined;
  /** A batch has ended. */
  release(batch: string): void;
}

const held = new WeakMap<Org, Map<string, string>>();

/** The locks of an org. */
export function locksOf(org: Org): Locks {
  const holders = held.get(org) ?? new Map<string, string>();
  held.set(org, holders);
  const release = (batch: string): void => {
    for (const [parent, holder] of holders) if (holder === batch) holders.delete(parent);
  };
  return {
    begin: release,
    release,
    lost(batch, draft, place) {
      const { lockProbability, shuffleSeed } = org.settings.current();
      const parents = parentsOf(draft);
      const taken = parents.find((parent) => (holders.get(parent) ?? batch) !== batch);
      if (taken !== undefined) {
        const mark = `${shuffleSeed} ${batch} ${place} ${taken}`;
        if (chance(mark) < lockProbability) return taken;
      }
      for (const parent of parents) if (!holders.has(parent)) holders.set(parent, batch);
      return undefined;
    },
  };
}

function chance(mark: string): number {
  return createHash("sha1").update(mark).digest().readUInt32BE(0) / 2 ** 32;
}

/** The rows a write locks: those its lookups name, users left out. */
export function parentsOf(draft: Draft): string[] {
  const parents: string[] = [];
  for (const field of draft.object.fields.values()) {
    if (field.type !== "reference" || field.referenceTo.includes("User")) continue;
    const value = draft.values[field.name];
    if (typeof value === "string") parents.push(value);
  }
  return parents;
}

/** The refusal of a row whose parent another transaction holds. */
export function lockRefusal(id: string): ReturnType<typeof rowError> {
  const message = `unable to obtain exclusive access to this record or 1 records: ${id}`;
  return rowError("UNABLE_TO_LOCK_ROW", message);
}
