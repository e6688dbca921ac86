import { CutoverError } from "../../pipeline/core/errors.ts";
import { customizationLock } from "./reply-error.ts";
import { isCode, serviceError } from "./errors.ts";

/** What a refused or failed attempt of a call means for it. */
export interface Verdict {
  /** The whole user waits so long, ms. */
  readonly pauseMs?: number;
  /** This call alone waits so long, ms. */
  readonly waitMs?: number;
}

/** An attempt's answer, as far as it says whether to come again. */
export interface Attempted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const longestMs = 15_000;
const gateway = new Set([408, 502, 503, 504]);

/**
 * When a call may be tried again: what was throttled was not done, and all of its user's calls wait as
 * the service says; a lock of the schema concerns this call alone; an outage lets reads come again.
 * Undefined: the answer stands.
 */
export function verdictOf(
  { status, headers, body }: Attempted,
  write: boolean,
  tries: number,
): Verdict | undefined {
  const backoffMs = Math.min(longestMs, 250 * 2 ** tries);
  if (status === 429) {
    if (isCode(serviceError(status, body), customizationLock)) {
      return { waitMs: Math.min(longestMs, 1000 * 2 ** tries) };
    }
    const seconds = Number(headers["retry-after"]);
    return { pauseMs: seconds > 0 ? seconds * 1000 : Math.max(1000, backoffMs) };
  }
  if (write || !(gateway.has(status) || (status === 500 && body.trimStart()[0] !== "{"))) {
    return undefined;
  }
  const seconds = Number(headers["retry-after"]);
  return { waitMs: seconds > 0 ? Math.min(60_000, seconds * 1000) : backoffMs };
}

/** A limit on what one call may wait in all; throws SINK_THROTTLED. */
export function patience(throttledMs: number, what: string): (waitMs: number) => void {
  let waited = 0;
  return (waitMs) => {
    waited += waitMs;
    if (waited <= throttledMs) return;
    throw new CutoverError(
      "SINK_THROTTLED",
      `Dynamics, ${what}: the service has refused this for ${Math.round(waited / 1000)} s. Let fewer programs use this application user, or name more in users.`,
    );
  };
}
