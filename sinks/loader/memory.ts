import type { Held, Ready, RowId, Taken } from "./taken.ts";
import { none, referencesRead, rowId } from "./taken.ts";

/**
 * Everything the loader holds in its hands: rows with a version not ended, who among them waits for
 * whom, and who refers to whom. Only the loader's loop changes it.
 */
export class Memory {
  readonly #held = new Map<RowId, Held>();
  /** Rows whose newest version is to be decided. */
  readonly undecided = new Set<Held>();
  readonly #waiters = new Map<RowId, Set<Held>>();
  readonly #referred = new Map<RowId, number>();
  /** Rows tried again later, each when its time has come. */
  readonly delayed = new Set<Held>();
  readonly #onUnready: (ready: Ready) => void;

  /** `onUnready` is told of a row that was ready and is not any more. */
  constructor(onUnready: (ready: Ready) => void) {
    this.#onUnready = onUnready;
  }

  get(id: RowId): Held | undefined {
    return this.#held.get(id);
  }

  get size(): number {
    return this.#held.size;
  }

  values(): Iterable<Held> {
    return this.#held.values();
  }

  of(id: RowId): Held {
    let held = this.#held.get(id);
    if (held === undefined) {
      held = { id, newest: null, older: none, ready: null, waitsFor: null, open: null };
      this.#held.set(id, held);
    }
    return held;
  }

  /** Makes this the newest version; the one before it is thereby superseded. */
  replaceNewest(held: Held, taken: Taken): void {
    if (held.newest !== null) {
      this.unrefer(held.newest);
      held.older = [...held.older, held.newest];
    }
    this.rest(held);
    held.newest = taken;
    this.refer(taken);
    this.undecided.add(held);
  }

  /** Forgets what was decided of the newest version. */
  rest(held: Held): void {
    if (held.ready !== null) this.#onUnready(held.ready);
    held.ready = null;
    if (held.waitsFor !== null) {
      this.#waiters.get(held.waitsFor)?.delete(held);
      held.waitsFor = null;
    }
    this.delayed.delete(held);
    this.undecided.delete(held);
  }

  /** Lets the row wait for another one in memory; false where that would close a circle. */
  wait(held: Held, target: RowId): boolean {
    for (let at: RowId | null = target, steps = 0; at !== null && steps < 10_000; steps += 1) {
      if (at === held.id) return false;
      at = this.#held.get(at)?.waitsFor ?? null;
    }
    held.waitsFor = target;
    let waiters = this.#waiters.get(target);
    if (waiters === undefined) {
      waiters = new Set();
      this.#waiters.set(target, waiters);
    }
    waiters.add(held);
    return true;
  }

  /** Has everything that waits for this row decided again. */
  wakeWaiters(target: RowId): void {
    const waiters = this.#waiters.get(target);
    if (waiters === undefined) return;
    this.#waiters.delete(target);
    for (const held of waiters) {
      held.waitsFor = null;
      this.undecided.add(held);
    }
  }

  refer(taken: Taken): void {
    for (const target of targetsOf(taken)) {
      this.#referred.set(target, (this.#referred.get(target) ?? 0) + 1);
    }
  }

  /** `targets`: what it refers to, where that is known without reading its record again. */
  unrefer(taken: Taken, targets: readonly RowId[] = targetsOf(taken)): void {
    for (const target of targets) {
      const count = (this.#referred.get(target) ?? 0) - 1;
      if (count > 0) this.#referred.set(target, count);
      else this.#referred.delete(target);
    }
  }

  /** Whether a version in hand, ready, waiting or sent, refers to the row. */
  isReferred(target: RowId): boolean {
    return this.#referred.has(target);
  }

  /** Lets go of a row nothing is left of. */
  release(held: Held): void {
    if (held.newest === null && held.open === null) this.#held.delete(held.id);
  }
}

/** Rows a version refers to, itself left out: it does not hold its own deletion. */
export function targetsOf(taken: Taken): RowId[] {
  return referencesRead(taken)
    .map(({ object, key }) => rowId(object, key))
    .filter((target) => target !== taken.id);
}
