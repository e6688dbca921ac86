import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation } from "../sink.ts";
import type { Ready } from "./taken.ts";

/** A shard's rows share parents: rows of one parent are never in two open bulk jobs. */
export const shards = 64;

/** The shard of rows without a parent: they lock nobody, and any job may take them. */
export const noShard = -1;

/** The shard of a row, by the first other row it refers to. */
export function shardOf(parent: string | undefined): number {
  if (parent === undefined) return noShard;
  let hash = 0;
  for (let at = 0; at < parent.length; at += 1) hash = (hash * 31 + parent.charCodeAt(at)) | 0;
  return Math.abs(hash) % shards;
}

/** The row a row locks when it is written: the first it refers to, itself left out. */
export function parentOf({ references, taken }: Pick<Ready, "references" | "taken">) {
  return references.find(({ key }) => key !== taken.record.key)?.key;
}

/** Ready rows of one mapping and operation. */
export class ReadyQueue {
  readonly plan: ObjectPlan;
  readonly operation: Operation;
  /** Rows a bulk job cannot carry. */
  readonly #small = new Set<Ready>();
  readonly #free = new Set<Ready>();
  readonly #byShard = Array.from({ length: shards }, () => new Set<Ready>());
  #size = 0;

  constructor(plan: ObjectPlan, operation: Operation) {
    this.plan = plan;
    this.operation = operation;
  }

  get size(): number {
    return this.#size;
  }

  add(ready: Ready, bulkable: boolean): void {
    this.#placeOf(ready, bulkable).add(ready);
    this.#size += 1;
  }

  remove(ready: Ready): void {
    const removed = this.#placeOf(ready, true).delete(ready) || this.#small.delete(ready);
    if (removed) this.#size -= 1;
  }

  #placeOf({ shard }: Ready, bulkable: boolean): Set<Ready> {
    if (!bulkable) return this.#small;
    return shard === noShard ? this.#free : (this.#byShard[shard] as Set<Ready>);
  }

  /** How many rows a bulk job could take now, and since when the oldest of them is ready. */
  waiting(busy: ReadonlySet<number>): { readonly count: number; readonly since: number } {
    let count = 0;
    let since = Number.POSITIVE_INFINITY;
    for (const { rows } of this.#open(busy)) {
      count += rows.size;
      for (const { readyAt } of rows) {
        since = Math.min(since, readyAt);
        break;
      }
    }
    return { count, since };
  }

  /** Takes at most so many rows for a bulk job, and the shards nobody else may touch meanwhile. */
  takeBulk(busy: ReadonlySet<number>, most: number): { rows: Ready[]; taken: Set<number> } {
    const rows: Ready[] = [];
    const taken = new Set<number>();
    // The fullest first: the fewer parents a job holds, the more is left for the next.
    const open = [...this.#open(busy)].sort((a, b) => b.rows.size - a.rows.size);
    for (const { rows: some, shard } of open) {
      if (rows.length >= most) break;
      if (some.size > 0 && shard !== noShard) taken.add(shard);
      for (const row of some) {
        if (rows.length >= most) break;
        rows.push(row);
      }
    }
    for (const row of rows) this.remove(row);
    // Rows of one parent stand together: the destination locks it once.
    rows.sort((a, b) => ((parentOf(a) ?? "") < (parentOf(b) ?? "") ? -1 : 1));
    return { rows, taken };
  }

  /** Rows no bulk job can carry, left in their places. */
  unbulkable(most: number): readonly Ready[] {
    return [...this.#small].slice(0, most);
  }

  /** Rows for a small call, left in their places; those whose parents a bulk job locks wait. */
  few(busy: ReadonlySet<number>, most: number): readonly Ready[] {
    const found: Ready[] = [];
    for (const { rows } of [{ rows: this.#small }, ...this.#open(busy)]) {
      for (const row of rows) {
        if (found.length === most) return found;
        found.push(row);
      }
    }
    return found;
  }

  *#open(busy: ReadonlySet<number>): Generator<{ rows: Set<Ready>; shard: number }> {
    yield { rows: this.#free, shard: noShard };
    for (const [shard, rows] of this.#byShard.entries()) {
      if (rows.size > 0 && !busy.has(shard)) yield { rows, shard };
    }
  }
}
