import type { ObjectPlan } from "../../pipeline/core/plan.ts";

interface Busy {
  jobs: number;
  /** Bulk jobs this object may have open: fewer after lock failures, more again after none. */
  lanes: number;
  /** Monotonic milliseconds since when the parents of the job that ended last are free. */
  freedAt: number;
  readonly shards: Set<number>;
  /** Small requests that name rows of it. */
  small: number;
}

/** Failures of locks, as a share of a job's rows, from which fewer jobs go at once. */
const tooManyLocked = 0.01;

/** What is open of each object: bulk jobs with the parents they hold, and small requests. */
export class Lanes {
  readonly #most: number;
  readonly #busy = new Map<string, Busy>();
  /** Parents small requests hold, of whatever object their children are. */
  readonly #held = new Set<number>();
  #small = 0;
  /** When a small request ended last, monotonic milliseconds; 0: none has. */
  smallFreedAt = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Bulk jobs of the plan's object that may be opened now. */
  free(plan: ObjectPlan): number {
    const { jobs, lanes } = this.#of(plan.object);
    return this.mayShare(plan) ? lanes - jobs : 0;
  }

  jobs(object: string): number {
    return this.#of(object).jobs;
  }

  /** When a bulk job of the object ended last, monotonic milliseconds; 0: none has. */
  freedAt(object: string): number {
    return this.#of(object).freedAt;
  }

  /** Parents open bulk jobs hold. */
  busyShards(object: string): ReadonlySet<number> {
    return this.#of(object).shards;
  }

  /**
   * Rows known by parent and content alone are never of one parent in two open requests: whose an
   * equal row is could not be told. A small request holds its whole object for them.
   */
  mayShare({ object, identity }: ObjectPlan): boolean {
    return identity !== "content" || this.#of(object).small === 0;
  }

  bulkOpened(object: string, taken: ReadonlySet<number>): void {
    const busy = this.#of(object);
    busy.jobs += 1;
    for (const shard of taken) busy.shards.add(shard);
  }

  bulkEnded(object: string, freed: ReadonlySet<number>): void {
    const busy = this.#of(object);
    busy.jobs -= 1;
    busy.freedAt = performance.now();
    for (const shard of freed) busy.shards.delete(shard);
  }

  /** Whether no small request is under way. */
  get quiet(): boolean {
    return this.#small === 0;
  }

  /** Parents small requests hold: children of one, of whatever objects, go one request after another. */
  get held(): ReadonlySet<number> {
    return this.#held;
  }

  smallOpened(objects: Iterable<string>, taken: ReadonlySet<number>): void {
    this.#small += 1;
    for (const object of objects) this.#of(object).small += 1;
    for (const shard of taken) this.#held.add(shard);
  }

  smallEnded(objects: Iterable<string>, freed: ReadonlySet<number>): void {
    this.#small -= 1;
    this.smallFreedAt = performance.now();
    for (const object of objects) this.#of(object).small -= 1;
    for (const shard of freed) this.#held.delete(shard);
  }

  /** A job has ended with so many of its rows locked out: half the lanes, or one more again. */
  ended(object: string, locked: number, rows: number): void {
    const busy = this.#of(object);
    const many = locked > rows * tooManyLocked;
    busy.lanes = many
      ? Math.max(1, Math.floor(busy.lanes / 2))
      : Math.min(this.#most, busy.lanes + 1);
  }

  #of(object: string): Busy {
    let busy = this.#busy.get(object);
    if (busy === undefined) {
      busy = { jobs: 0, lanes: this.#most, freedAt: 0, shards: new Set(), small: 0 };
      this.#busy.set(object, busy);
    }
    return busy;
  }
}
