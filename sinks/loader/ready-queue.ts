import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation } from "../sink.ts";
import {
  firstOf,
  fitting,
  type Room,
  readySince,
  roomLeft,
  ShardedRows,
  takenOf,
  type Waiting,
} from "./sharded-rows.ts";
import type { Ready } from "./taken.ts";

/** Ready rows of one mapping and operation. */
export class ReadyQueue {
  readonly plan: ObjectPlan;
  readonly operation: Operation;
  /** Its rows take bytes along. */
  readonly files: boolean;
  /** Rows a bulk job cannot carry. */
  readonly #small = new ShardedRows();
  readonly #bulk = new ShardedRows();
  #size = 0;
  #bytes = 0;

  constructor(plan: ObjectPlan, operation: Operation, files: boolean) {
    this.plan = plan;
    this.operation = operation;
    this.files = files;
  }

  get size(): number {
    return this.#size;
  }

  /** Of the rows' records. */
  get bytes(): number {
    return this.#bytes;
  }

  add(ready: Ready, bulkable: boolean): void {
    (bulkable ? this.#bulk : this.#small).add(ready);
    this.#size += 1;
    this.#bytes += ready.taken.stored.bytes;
  }

  remove(ready: Ready): void {
    if (!this.#bulk.delete(ready) && !this.#small.delete(ready)) return;
    this.#size -= 1;
    this.#bytes -= ready.taken.stored.bytes;
  }

  /** The rows a bulk job could take now. */
  waiting(busy: ReadonlySet<number>): Waiting {
    return this.#bulk.waiting(busy);
  }

  /** The same of the rows no bulk job can carry. */
  waitingSmall(busy: ReadonlySet<number>): Waiting {
    return this.#small.waiting(busy);
  }

  /**
   * Takes at most so many rows for a bulk job, and the shards nobody else may touch meanwhile. `part`: a
   * shard may be taken in part, and the rest of it waits for the job's end.
   */
  takeBulk(busy: ReadonlySet<number>, most: number, part: boolean): ReturnType<typeof takenOf> {
    // The fullest first: the fewer parents a job holds, the more is left for the next.
    const open = [...this.#bulk.open(busy)].sort((a, b) => b.rows.size - a.rows.size);
    const whole = part ? open : fitting(open, most);
    // Its rows are streamed.
    const room = { rows: most, bytes: Number.POSITIVE_INFINITY };
    return this.#take(takenOf(whole.length > 0 ? whole : open, room));
  }

  /** The same for a request of its own of rows no bulk job can carry: those ready longest. */
  takeSmall(busy: ReadonlySet<number>, room: Room): ReturnType<typeof takenOf> {
    const open = [...this.#small.open(busy)];
    open.sort((a, b) => readySince(a.rows) - readySince(b.rows));
    return this.#take(takenOf(open, room));
  }

  #take(chosen: ReturnType<typeof takenOf>): ReturnType<typeof takenOf> {
    for (const row of chosen.rows) this.remove(row);
    return chosen;
  }

  /** Rows no bulk job can carry, left in their places; those whose parents are held wait. */
  unbulkable(held: ReadonlySet<number>, room: Room): readonly Ready[] {
    return firstOf(this.#small.open(held), room).rows;
  }

  /** Rows for a small call, left in their places; those whose parents are held, or a bulk job locks, wait. */
  few(busy: ReadonlySet<number>, held: ReadonlySet<number>, room: Room): readonly Ready[] {
    const small = this.unbulkable(held, room);
    const neither = new Set([...busy, ...held]);
    return [...small, ...firstOf(this.#bulk.open(neither), roomLeft(room, small)).rows];
  }
}
