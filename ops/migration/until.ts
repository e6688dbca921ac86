import { setTimeout as sleep } from "node:timers/promises";
import { CutoverError } from "../../pipeline/core/errors.ts";

/** What waiting is bound to. */
export interface Waiting {
  /** Shown when the time is up: what was waited for, and how far it came. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** A failure elsewhere that makes waiting useless. */
  readonly failure?: () => Error | undefined;
}

/** Asks until the answer is something; throws when a stage failed for good or the time is up. */
export async function until<T>(
  ask: () => Promise<T | undefined | false>,
  waiting: Waiting,
): Promise<T> {
  const deadline = performance.now() + waiting.timeoutMs;
  for (;;) {
    const failed = waiting.failure?.();
    if (failed !== undefined) throw failed;
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new CutoverError(
        "BROKER_UNAVAILABLE",
        `Still waiting after ${Math.round(waiting.timeoutMs / 1000)} s: ${waiting.what}.`,
      );
    }
    await sleep(waiting.everyMs ?? 200);
  }
}
