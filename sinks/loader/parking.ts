import type { Parked } from "../../pipeline/core/generated/records.ts";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import type { ParkReason } from "../../pipeline/core/outcome.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Memory } from "./memory.ts";
import type { Plans } from "./plans.ts";
import type { RecordStore } from "./stored.ts";
import { type Held, type RowId, rowId, type Taken, untried } from "./taken.ts";

/** When a parked record is tried again although nothing woke it; null: only when woken. */
const retryMs: Readonly<Record<ParkReason, number | null>> = {
  parent_missing: 10 * 60_000,
  parent_refused: 10 * 60_000,
  parent_deleted: 10 * 60_000,
  still_referenced: 10 * 60_000,
  owner_unresolved: null,
  locked: 30_000,
  retries_used_up: 5 * 60_000,
  storage_full: 5 * 60_000,
  ambiguous: 10 * 60_000,
};

/** Epoch milliseconds of the next try of a record parked now. */
export function nextTryAt(reason: ParkReason, now = Date.now()): number | null {
  const ms = retryMs[reason];
  return ms === null ? null : now + ms;
}

interface Parts {
  readonly store: LoaderStore;
  readonly memory: Memory;
  readonly codecs: Codecs;
  readonly stage: Stage;
  readonly plans: Plans;
  readonly records: RecordStore;
}

/** Wakes parked records: by their parents, by owners, by the clock, and on request. */
export class ParkedRows {
  readonly #parts: Parts;
  readonly #queue = new Set<RowId>();
  readonly #stillReferenced: Set<RowId>;
  /** An order to try every parked record once more, and who of them has not had its try. */
  #retrying: { readonly request: string; readonly left: Set<RowId> } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#stillReferenced = new Set(parts.store.parked.withReason("still_referenced"));
    for (const id of parts.store.parked.overdue()) this.#queue.add(id);
    this.gauge();
  }

  /** Shows how many wait, by object and reason. */
  gauge(): void {
    const { stage, store } = this.#parts;
    stage.metrics.parked.reset();
    for (const { object, reason, count } of store.parked.counts()) {
      stage.metrics.parked.set({ object, reason }, count);
    }
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** After a settlement: wakes children of the rows that ended, and deletes nothing refers to any more. */
  wake(ended: readonly RowId[], dropped: ReadonlySet<RowId>): void {
    for (const id of ended) {
      for (const child of this.#parts.store.parked.waitingFor(id)) this.#queue.add(child);
    }
    for (const target of dropped) {
      if (this.#stillReferenced.has(target)) this.#queue.add(target);
      this.#parts.memory.wakeWaiters(target);
    }
  }

  /** Confirmed owners have changed. */
  wakeOwners(): void {
    for (const reason of ["owner_unresolved", "ambiguous"]) {
      for (const id of this.#parts.store.parked.withReason(reason)) this.#queue.add(id);
    }
  }

  /** Those whose time has come. */
  wakeDue(most: number): void {
    for (const id of this.#parts.store.parked.due(Date.now(), most)) this.#queue.add(id);
  }

  /** Every parked record is to be tried once more. */
  retryAll(request: string): void {
    if (this.#retrying?.request === request) return;
    const ids = this.#parts.store.parked.ids();
    this.#retrying = { request, left: new Set(ids) };
    for (const id of ids) this.#queue.add(id);
  }

  /** A parked row has ended, or has been parked (again): its try is over. */
  tried(id: RowId, reason: ParkReason | null): void {
    this.#retrying?.left.delete(id);
    if (reason === "still_referenced") this.#stillReferenced.add(id);
    else this.#stillReferenced.delete(id);
  }

  /** The order whose tries are all over, once. */
  retried(): string | undefined {
    const retrying = this.#retrying;
    if (retrying === undefined || retrying.left.size > 0) return undefined;
    this.#retrying = undefined;
    return retrying.request;
  }

  /** Takes woken records back into memory, at most so many. */
  async takeWoken(most: number): Promise<void> {
    let left = most;
    for (const id of this.#queue) {
      if (left === 0) return;
      left -= 1;
      this.#queue.delete(id);
      const held = this.#parts.memory.get(id);
      if (held !== undefined) {
        if (held.open === null && held.newest !== null) this.#parts.memory.undecided.add(held);
        continue;
      }
      const taken = await this.unpark(id);
      if (taken === undefined) this.#retrying?.left.delete(id);
      else this.#parts.memory.replaceNewest(this.#parts.memory.of(id), taken);
    }
  }

  /** The parked version of a row; its entry stays until the version ends. */
  async unpark(id: RowId): Promise<Taken | undefined> {
    const { store, codecs, plans, records } = this.#parts;
    const framed = store.parked.value(id);
    if (framed === undefined) return undefined;
    const parked = await codecs.decode<Parked>(framed);
    const record = await codecs.decode<LoadRecord>(parked.record);
    const plan = plans.of(parked.object, parked.entity);
    const stored = records.keep(record, parked.record);
    return {
      id: rowId(parked.object, parked.key),
      plan,
      record: stored,
      stored,
      topic: "",
      partition: parked.load_partition,
      offset: parked.load_offset,
      takenAt: Math.round(performance.now() - Math.max(0, Date.now() - parked.since)),
      parkedSince: parked.since,
      // A woken record has its tries anew.
      trial: untried,
    };
  }

  /** Whether parking again would say nothing new: then only the next try moves. */
  isSame(held: Held, taken: Taken, reason: ParkReason): boolean {
    if (taken.parkedSince === null || held.older.length > 0) return false;
    return this.#parts.store.parked.get(held.id)?.reason === reason;
  }
}
