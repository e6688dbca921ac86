import type { Environment } from "../environment.ts";
import { ApiError } from "../web/api-error.ts";
import { slidingWindow, type Window } from "./window.ts";

/** The three limits of a user on a web server. */
export type LimitName = "requests" | "execution" | "concurrent";

/** One request that was let in; it must be left again. */
export interface Admission {
  /** Ends the request; what it cost counts from now on. */
  leave(executionMs: number): void;
  /** The headers of a normal answer, this request and its cost being used up. */
  headers(cost: number): Record<string, string>;
}

/** The service-protection limits of an environment. */
export interface ServiceProtection {
  /** Lets a request of a user to a server in, or throws 429. */
  enter(userId: string, server: number): Admission;
  /** Refuses as if a limit were reached: what a fault plan orders. */
  refuse(userId: string, server: number, limit: LimitName, seconds?: number): ApiError;
}

interface Account {
  readonly window: Window;
  running: number;
  /** Refusals in a row, those of one second counted once: they make the wait longer. */
  pushes: number;
  pushedAt: number;
  blocked: { readonly until: number; readonly limit: LimitName } | undefined;
}

const codes = {
  requests: "0x80072322",
  execution: "0x80072321",
  concurrent: "0x80072326",
} as const;
const longestWait = 300;

/** Opens the limits; what was used is forgotten by a restart, like a web server's memory. */
export function serviceProtectionOf(
  env: Pick<Environment, "clock" | "settings" | "log">,
): ServiceProtection {
  const accounts = new Map<string, Account>();
  const limits = () => env.settings.current().limits;
  const accountOf = (userId: string, server: number): Account => {
    const name = `${userId} ${server}`;
    const known = accounts.get(name);
    if (known !== undefined) return known;
    const window = slidingWindow(() => limits().windowSeconds);
    const made: Account = { window, running: 0, pushes: 0, pushedAt: 0, blocked: undefined };
    accounts.set(name, made);
    return made;
  };
  const refused = (account: Account, limit: LimitName, freeAt: number): ApiError => {
    const now = env.clock.now();
    const second = Math.floor(now / 1_000);
    if (second !== account.pushedAt) account.pushes += 1;
    account.pushedAt = second;
    const wait = Math.max(1, Math.ceil((freeAt - now) / 1_000));
    const seconds = Math.min(longestWait, Math.ceil(wait * 1.5 ** (account.pushes - 1)));
    if (limit !== "concurrent") account.blocked = { until: now + seconds * 1_000, limit };
    env.log.count(`throttled_${limit}`);
    return new ApiError(429, codes[limit], messageOf(limit, limits()), {
      "Retry-After": String(seconds),
    });
  };
  return {
    enter(userId, server) {
      const account = accountOf(userId, server);
      const now = env.clock.now();
      account.window.slide(now);
      const over = limits().enforced ? reached(account, limits(), now) : undefined;
      if (over !== undefined) throw refused(account, over.limit, over.freeAt);
      account.blocked = undefined;
      account.pushes = 0;
      account.running += 1;
      return admission(account, env);
    },
    refuse(userId, server, limit, seconds = 1) {
      return refused(accountOf(userId, server), limit, env.clock.now() + seconds * 1_000);
    },
  };
}

type Limits = ReturnType<Environment["settings"]["current"]>["limits"];

function reached(
  account: Account,
  limits: Limits,
  now: number,
): { limit: LimitName; freeAt: number } | undefined {
  const { window, running, blocked } = account;
  if (blocked !== undefined && blocked.until > now)
    return { limit: blocked.limit, freeAt: blocked.until };
  if (running >= limits.concurrent) return { limit: "concurrent", freeAt: now + 1_000 };
  if (window.requests >= limits.requests) {
    return {
      limit: "requests",
      freeAt: window.freeAt(now, (left) => left.requests < limits.requests),
    };
  }
  if (window.executionMs < limits.executionMs) return undefined;
  return {
    limit: "execution",
    freeAt: window.freeAt(now, (left) => left.executionMs < limits.executionMs),
  };
}

function admission(account: Account, env: Pick<Environment, "clock" | "settings">): Admission {
  let left = false;
  return {
    leave(executionMs) {
      if (left) return;
      left = true;
      account.running -= 1;
      account.window.add(env.clock.now(), { requests: 1, executionMs });
    },
    headers(cost) {
      const { requests, executionMs, dopHint } = env.settings.current().limits;
      const { window } = account;
      const time = Math.max(0, executionMs - window.executionMs - cost) / 1_000;
      return {
        "x-ms-ratelimit-burst-remaining-xrm-requests": String(
          Math.max(0, requests - window.requests - 1),
        ),
        "x-ms-ratelimit-time-remaining-xrm-requests": time.toLocaleString("en-US", {
          maximumFractionDigits: 1,
        }),
        "x-ms-dop-hint": String(dopHint),
      };
    },
  };
}

function messageOf(
  limit: LimitName,
  { requests, executionMs, concurrent, windowSeconds }: Limits,
): string {
  if (limit === "requests")
    return `Number of requests exceeded the limit of ${requests} over time window of ${windowSeconds} seconds.`;
  if (limit === "concurrent")
    return `Number of concurrent requests exceeded the limit of ${concurrent}.`;
  const time = executionMs.toLocaleString("en-US");
  return `Combined execution time of incoming requests exceeded limit of ${time} milliseconds over time window of ${windowSeconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`;
}
