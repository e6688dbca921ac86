import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";

const mostMs = 30_000;

/** Waits the destination wants, or that give it time to come back: nothing new is sent meanwhile. */
export class Outages {
  readonly #stage: Stage;
  #notBefore = 0;
  #count = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get lasts(): boolean {
    return performance.now() < this.#notBefore;
  }

  /** The destination answers again. */
  over(): void {
    this.#count = 0;
  }

  /** A request met one; those under way at once meet it together. */
  met(error: CutoverError): void {
    if (this.lasts) return;
    this.#count += 1;
    const throttled = error.code === "SINK_THROTTLED";
    const waitMs = throttled ? mostMs : Math.min(mostMs, 250 * 2 ** this.#count);
    this.#notBefore = performance.now() + waitMs;
    const { log, metrics } = this.#stage;
    if (throttled) metrics.throttleSeconds.inc({ system: "destination" }, waitMs / 1000);
    log.warn({ event: "request_failed", code: error.code, message: error.message, waitMs });
  }
}
