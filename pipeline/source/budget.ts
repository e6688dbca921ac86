import type { SourceSettings } from "./source-schema.ts";

/** The clock a budget waits by; tests bring their own. */
export interface BudgetClock {
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** What the headers of a reply say about the source's own count. */
export interface BudgetReply {
  header(name: string): string | undefined;
  /** The source's clock at the reply, epoch milliseconds. */
  readonly serverTime: number;
}

/**
 * The calls the source allows us: moving windows that all hold at once, so many calls in flight,
 * and a pause whenever the source asks for one. Every call counts, also a failed one.
 */
export class Budget {
  readonly #settings: SourceSettings["rate_limit"];
  readonly #clock: BudgetClock;
  readonly #windows: readonly Window[];
  #free: number;
  #blockedUntil = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(settings: SourceSettings["rate_limit"], clock: BudgetClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#free = settings.concurrency;
    this.#windows = settings.budgets.map(
      ({ count, interval }) =>
        new Window(Math.max(1, Math.floor(count * settings.share)), interval),
    );
  }

  /** Resolves when a call may be made; the caller gives the place back with what it returns. */
  async take(signal: AbortSignal): Promise<() => void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    try {
      for (let ms = this.#due(); ms > 0; ms = this.#due()) {
        signal.throwIfAborted();
        await this.#clock.wait(ms, signal);
      }
      signal.throwIfAborted();
    } catch (error) {
      this.#give();
      throw error;
    }
    const now = this.#clock.now();
    for (const window of this.#windows) window.add(now);
    return () => this.#give();
  }

  #give(): void {
    this.#free += 1;
    this.#waiting.shift()?.();
  }

  /** Milliseconds until every window has room. */
  #due(): number {
    const now = this.#clock.now();
    const windows = this.#windows.map((window) => window.freeIn(now));
    return Math.max(0, this.#blockedUntil - now, ...windows);
  }

  /** The source asks everyone to wait. */
  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + ms);
  }

  /** Waits for the source's own window where others have used up what we leave to them. */
  heed(reply: BudgetReply): void {
    const { headers, budgets, share } = this.#settings;
    const smallest = Math.min(...budgets.map(({ count }) => count));
    if (headers === undefined || !Number.isFinite(smallest)) return;
    const remaining = Number(reply.header(headers.remaining) ?? Number.NaN);
    const reset = Number(reply.header(headers.reset) ?? Number.NaN);
    if (!(remaining <= Math.floor(smallest * (1 - share))) || !Number.isFinite(reset)) return;
    const ms = headers.reset_format === "seconds" ? reset * 1000 : reset * 1000 - reply.serverTime;
    const longest = Math.max(...budgets.map(({ interval }) => interval));
    this.block(Math.min(Math.max(0, ms), longest));
  }
}

/** The moments of the last calls of one moving window. */
class Window {
  readonly #count: number;
  readonly #interval: number;
  readonly #calls: number[] = [];
  #oldest = 0;

  constructor(count: number, interval: number) {
    this.#count = count;
    this.#interval = interval;
  }

  freeIn(now: number): number {
    if (this.#calls.length < this.#count) return 0;
    return (this.#calls[this.#oldest] as number) + this.#interval - now;
  }

  add(now: number): void {
    if (this.#calls.length < this.#count) {
      this.#calls.push(now);
      return;
    }
    this.#calls[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#count;
  }
}
