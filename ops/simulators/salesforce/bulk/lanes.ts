import { setTimeout as delay } from "node:timers/promises";

/** Runs bulk work, so many pieces at a time, until it is told to stop. */
export interface Lanes {
  /** Aborted when the simulator closes. */
  readonly signal: AbortSignal;
  /** Starts work that belongs to a job; `stop` waits for it. */
  start(work: () => Promise<void>): void;
  /** Runs work as soon as a lane is free. */
  inLane<T>(work: () => Promise<T>): Promise<T>;
  /** Waits; false where the simulator closes meanwhile. */
  sleep(ms: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** Lanes whose number may change while they run. */
export function lanesOf(count: () => number): Lanes {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  const free = (): void => {
    busy -= 1;
    waiting.shift()?.();
  };
  return {
    signal: closing.signal,
    start(work) {
      const promise = work().catch((error: unknown) => {
        if (!closing.signal.aborted) process.stderr.write(`${String(error)}\n`);
      });
      underWay.add(promise);
      promise.finally(() => underWay.delete(promise)).catch(() => undefined);
    },
    async inLane(work) {
      while (busy >= count()) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      try {
        return await work();
      } finally {
        free();
      }
    },
    async sleep(ms) {
      if (ms > 0) await delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);
      return !closing.signal.aborted;
    },
    async stop() {
      closing.abort();
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(underWay);
    },
  };
}
