import { CutoverError } from "../../pipeline/core/errors.ts";
import { pause } from "../../pipeline/stage/stage.ts";

/** Repeats a read while the destination is away; undefined when the loader leaves. */
export type Persist = <T>(work: () => Promise<T>) => Promise<T | undefined>;

const longestMs = 15_000;

/** Persists until the loader leaves. */
export function persistUntil(leaving: AbortSignal): Persist {
  return async (work) => {
    for (let waitMs = 250; !leaving.aborted; waitMs = Math.min(longestMs, waitMs * 2)) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CutoverError) || error.disposition !== "retry") throw error;
        await pause(waitMs, leaving);
      }
    }
    return undefined;
  };
}
