import type { Roots } from "./roots.ts";
import type { Work } from "./work.ts";

/** Something a lane wants done in a transaction. */
export interface WorkItem {
  /** How many records it may come to; bounds a transaction. */
  readonly weight: number;
  apply(transaction: TransactionWork): void;
  /** When the oldest request behind it was started, for the lag. */
  readonly requestedAt?: number;
  /** After the commit. */
  committed?(): void;
}

/** What an item may do inside a transaction. */
export interface TransactionWork {
  readonly work: Work;
  readonly roots: Roots;
}

/** Above this, lanes wait before they fetch more: it is a page or two per lane in advance. */
const fullAt = 4000;

/** Lanes put, the one writer takes; what comes from one lane stays in order. */
export class WorkQueue {
  readonly #items: WorkItem[] = [];
  #weight = 0;
  readonly #room: (() => void)[] = [];
  readonly #undone = new Set<() => void>();
  #filled: (() => void) | undefined;
  #closed = false;

  /** Resolves when there is room for more. */
  async put(item: WorkItem): Promise<void> {
    this.#items.push(item);
    this.#weight += item.weight;
    this.#filled?.();
    while (this.#weight > fullAt && !this.#closed)
      await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** Resolves when the item's transaction has been committed, or when nobody commits any more. */
  done(item: WorkItem): Promise<void> {
    return new Promise((resolve, reject) => {
      const committed = (): void => {
        this.#undone.delete(resolve);
        item.committed?.();
        resolve();
      };
      this.#undone.add(resolve);
      if (this.#closed) resolve();
      this.put({ ...item, apply: (transaction) => item.apply(transaction), committed }).catch(
        reject,
      );
    });
  }

  /** The writer has ended: whoever waits goes on, to see that polling is over. */
  close(): void {
    this.#closed = true;
    for (const resolve of [...this.#room.splice(0), ...this.#undone]) resolve();
    this.#undone.clear();
  }

  /** The next items of up to so much weight, at least one; none where nothing comes in time. */
  async take(weight: number, timeoutMs: number): Promise<readonly WorkItem[]> {
    if (this.#items.length === 0) await this.#wait(timeoutMs);
    const taken: WorkItem[] = [];
    let sum = 0;
    for (let next = this.#items[0]; next !== undefined; next = this.#items[0]) {
      if (taken.length > 0 && sum + next.weight > weight) break;
      taken.push(next);
      sum += next.weight;
      this.#items.shift();
    }
    this.#weight -= sum;
    for (const resolve of this.#room.splice(0)) resolve();
    return taken;
  }

  #wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#filled = undefined;
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      this.#filled = end;
    });
  }
}
