import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** What every long-running stage is given. */
export interface Stage {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborted on SIGTERM: finish what is open within 25 s, commit, return. */
  readonly stopping: AbortSignal;
}

/** Waits, or returns early when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
