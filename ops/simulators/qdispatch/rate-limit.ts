import type { ServerResponse } from "node:http";
import type { Clock } from "../server/clock.ts";
import { sendJson } from "../server/reply.ts";

/** The tenant's request window. */
export interface RateWindow {
  count: number;
  intervalMs: number;
}

/** Counts requests per window of the simulator's clock and answers 429 above it. */
export interface RateLimit {
  readonly window: RateWindow;
  /** Sets the X-RateLimit headers; false when the request has been answered with 429. */
  admit(res: ServerResponse): boolean;
}

/** Fixed windows as the profile of this dialect states them: 600 requests in 10 seconds. */
export function rateLimit(clock: Clock, options: { enforced: boolean }): RateLimit {
  const window: RateWindow = { count: 600, intervalMs: 10_000 };
  let begun = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    window,
    admit(res) {
      const now = clock.now();
      const current = Math.floor(now / window.intervalMs);
      if (current !== begun) [begun, used] = [current, 0];
      used += 1;
      const resetAt = (current + 1) * window.intervalMs;
      res.setHeader("X-RateLimit-Limit", window.count);
      res.setHeader("X-RateLimit-Remaining", Math.max(0, window.count - used));
      res.setHeader("X-RateLimit-Reset", Math.ceil(resetAt / 1000));
      if (!options.enforced || used <= window.count) return true;
      const seconds = Math.max(1, Math.ceil((resetAt - now) / 1000));
      const error = {
        code: "rate_limited",
        message: `more than ${window.count} requests in ${window.intervalMs / 1000} s`,
      };
      sendJson(res, 429, { error }, { "Retry-After": seconds });
      return false;
    },
  };
}
