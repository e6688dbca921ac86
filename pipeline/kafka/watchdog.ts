import type { Stage } from "../stage/stage.ts";

/**
 * Ends a process that stands still although there is work: librdkafka discards some errors in its
 * batch loop, and a consumer may stop after a rebalance. The supervisor starts it again.
 */
export class Watchdog {
  readonly #stage: Stage;
  readonly #limitMs: number;
  readonly #onStall: () => void;
  #progressAt = performance.now();

  constructor(stage: Stage, limitMs: number, onStall: () => void) {
    this.#stage = stage;
    this.#limitMs = limitMs;
    this.#onStall = onStall;
  }

  /** Called whenever a record, or the end of a partition, was reached. */
  progressed(): void {
    this.#progressAt = performance.now();
  }

  /** Called once a round with the records still to be read. */
  check(lag: number): void {
    if (lag === 0) {
      this.progressed();
      return;
    }
    const stalledMs = performance.now() - this.#progressAt;
    if (stalledMs < this.#limitMs) return;
    this.#stage.log.error({ event: "stage_stalled", lag, stalledMs: Math.round(stalledMs) });
    this.#onStall();
  }
}
