import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import type { Ready } from "./taken.ts";

/** A shard's rows share parents: rows of one parent are never in two open bulk jobs. */
export const shards = 16;

/** Settings of the choice between many and few. */
export interface ChoiceSettings {
  readonly bulkThreshold: number;
  readonly flushMs: number;
  readonly lanes: number;
}

/** Rows to be sent in one request. */
export interface Choice {
  readonly channel: "bulk" | "collections";
  readonly groups: readonly {
    readonly plan: ObjectPlan;
    readonly operation: Operation;
    readonly rows: readonly Ready[];
  }[];
  /** Bulk only: parents nobody else may touch meanwhile. */
  readonly shards: ReadonlySet<number>;
}

interface Queue {
  readonly plan: ObjectPlan;
  readonly operation: Operation;
  readonly byShard: Set<Ready>[];
  /** Rows a bulk job cannot carry. */
  readonly small: Set<Ready>;
  size: number;
}

/** How long a lull must last before few rows go while more are on their way: nobody waits longer. */
const mostPatienceMs = 5000;

/** Whether a bulk job can carry a row. */
type Bulkable = (plan: ObjectPlan, operation: Operation, row: SinkRow) => boolean;

/** Rows ready to be sent, by mapping and operation. */
export class ReadyRows {
  readonly #queues = new Map<string, Queue>();
  readonly #settings: ChoiceSettings;
  readonly #limits: { readonly bulkRows: number; readonly smallRows: number };
  readonly #bulkable: Bulkable;
  readonly #busy = new Map<string, { jobs: number; shards: Set<number> }>();

  constructor(
    settings: ChoiceSettings,
    limits: { readonly bulkRows: number; readonly smallRows: number },
    bulkable: Bulkable,
  ) {
    this.#settings = settings;
    this.#limits = limits;
    this.#bulkable = bulkable;
  }

  add(ready: Ready): void {
    const queue = this.#queueOf(ready);
    const { plan } = ready.taken;
    const bulk = this.#bulkable(plan, ready.operation, ready.row);
    const place = bulk ? queue.byShard[ready.shard] : queue.small;
    (place as Set<Ready>).add(ready);
    queue.size += 1;
  }

  remove(ready: Ready): void {
    const queue = this.#queueOf(ready);
    const removed = queue.byShard[ready.shard]?.delete(ready) || queue.small.delete(ready);
    if (removed) queue.size -= 1;
  }

  get size(): number {
    let size = 0;
    for (const queue of this.#queues.values()) size += queue.size;
    return size;
  }

  /** A bulk job of this object's shards has begun, or has ended. */
  bulkOpened(object: string, taken: ReadonlySet<number>): void {
    const busy = this.#busyOf(object);
    busy.jobs += 1;
    for (const shard of taken) busy.shards.add(shard);
  }

  bulkEnded(object: string, freed: ReadonlySet<number>): void {
    const busy = this.#busyOf(object);
    busy.jobs -= 1;
    for (const shard of freed) busy.shards.delete(shard);
  }

  /** A bulk job's rows, where enough are ready; `open` says which objects may be written. */
  chooseBulk(open: (plan: ObjectPlan, operation: Operation) => boolean): Choice | undefined {
    for (const queue of this.#queues.values()) {
      const busy = this.#busyOf(queue.plan.object);
      if (queue.size < this.#settings.bulkThreshold || busy.jobs >= this.#settings.lanes) continue;
      if (!open(queue.plan, queue.operation)) continue;
      const choice = this.#bulkOf(queue, busy.shards);
      if (choice !== undefined) return choice;
    }
    return undefined;
  }

  #bulkOf(queue: Queue, busy: ReadonlySet<number>): Choice | undefined {
    const free = queue.byShard
      .map((rows, shard) => ({ rows, shard }))
      .filter(({ rows, shard }) => rows.size > 0 && !busy.has(shard));
    const ready = free.reduce((sum, { rows }) => sum + rows.size, 0);
    if (ready < this.#settings.bulkThreshold) return undefined;
    const rows: Ready[] = [];
    const taken = new Set<number>();
    const isFull = (): boolean => rows.length >= this.#limits.bulkRows;
    for (const { rows: some, shard } of free) {
      if (isFull()) break;
      taken.add(shard);
      for (const row of some) {
        if (isFull()) break;
        rows.push(row);
      }
    }
    for (const row of rows) this.remove(row);
    // Rows of one parent stand together: the destination locks it once.
    rows.sort((a, b) => (parentOf(a) < parentOf(b) ? -1 : 1));
    const { plan, operation } = queue;
    return { channel: "bulk", groups: [{ plan, operation, rows }], shards: taken };
  }

  /**
   * A small call's rows, when it is full or the oldest has waited long enough. While more records
   * are on their way (`behind`) rows wait longer, so that they may become many.
   */
  chooseSmall(
    now: number,
    behind: boolean,
    open: (plan: ObjectPlan, operation: Operation) => boolean,
  ): Choice | undefined {
    const groups: Choice["groups"][number][] = [];
    let left = this.#limits.smallRows;
    let oldest = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      if (queue.size === 0 || left === 0 || !open(queue.plan, queue.operation)) continue;
      const busy = this.#busyOf(queue.plan.object);
      const rows = this.#few(queue, busy.shards, left);
      left -= rows.length;
      const patient = behind || busy.jobs > 0;
      const waitMs = patient
        ? Math.max(this.#settings.flushMs, mostPatienceMs)
        : this.#settings.flushMs;
      for (const row of rows) oldest = Math.min(oldest, row.readyAt + waitMs);
      if (rows.length > 0) groups.push({ plan: queue.plan, operation: queue.operation, rows });
    }
    if (groups.length === 0 || (left > 0 && oldest > now)) return undefined;
    for (const { rows } of groups) for (const row of rows) this.remove(row);
    return { channel: "collections", groups, shards: new Set() };
  }

  /** Rows of a queue that may go in a small call; those whose parents a bulk job locks wait. */
  #few(queue: Queue, busy: ReadonlySet<number>, most: number): Ready[] {
    const rows: Ready[] = [];
    const free = queue.byShard.filter((_rows, shard) => !busy.has(shard));
    for (const some of [queue.small, ...free]) {
      for (const row of some) {
        if (rows.length === most) return rows;
        rows.push(row);
      }
    }
    return rows;
  }

  #queueOf({ taken, operation }: Ready): Queue {
    const name = `${taken.plan.object}|${taken.plan.entity}|${operation}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      const byShard = Array.from({ length: shards }, () => new Set<Ready>());
      queue = { plan: taken.plan, operation, byShard, small: new Set(), size: 0 };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #busyOf(object: string) {
    let busy = this.#busy.get(object);
    if (busy === undefined) {
      busy = { jobs: 0, shards: new Set() };
      this.#busy.set(object, busy);
    }
    return busy;
  }
}

function parentOf({ references, row }: Ready): string {
  return references[0]?.key ?? row.key;
}

/** The shard of a row: of its first parent, or its own where it has none. */
export function shardOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return Math.abs(hash) % shards;
}
