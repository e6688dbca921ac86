import type { Settings } from "../store/settings.ts";
import type { Lanes } from "./lanes.ts";

/** Sleeps shorter than this cost more than they model. */
const shortestSleepMs = 2;
const batchRows = 10_000;

/** The time one attempt at a batch takes, by the org's processing model. */
export interface Pace {
  /** Waits until the rows so far have taken their time; false where the simulator closes. */
  chunkDone(rows: number, leastMs: number): Promise<boolean>;
  /** Whether the attempt's time is up. */
  isLate(): boolean;
}

/** Begins an attempt. */
export function paceOf(lanes: Lanes, settings: () => Settings): Pace {
  const begun = performance.now();
  let owedMs = 0;
  return {
    async chunkDone(rows, leastMs) {
      const { msPer10k } = settings().processing;
      owedMs += Math.max((msPer10k * rows) / batchRows, leastMs);
      const aheadMs = owedMs - (performance.now() - begun);
      return aheadMs < shortestSleepMs ? !lanes.signal.aborted : lanes.sleep(aheadMs);
    },
    isLate: () => performance.now() - begun > settings().processing.batchTimeoutMs,
  };
}
