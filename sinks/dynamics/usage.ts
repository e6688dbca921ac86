/** Calls and their execution time. */
export interface Use {
  readonly requests: number;
  readonly ms: number;
}

/**
 * What one user has used of one web server within the service's sliding window. The service says with
 * every answer what is left; when it was used decides when it comes back.
 */
export interface Usage {
  /** What is left of the limits, by `performance.now()`. */
  left(now: number): Use;
  /** What an answer says is left; returns the execution time used since the answer before. */
  heard(now: number, left: Use): number;
  /** Where the service says nothing of what is left. */
  spent(now: number, ms: number): void;
  /** When so much will be left. */
  freeAt(now: number, wanted: Use): number;
}

/** Least limits of a user on a web server (Microsoft, "Service protection API limits"). */
const least: Use = { requests: 6000, ms: 1_200_000 };

interface Bucket {
  readonly second: number;
  requests: number;
  ms: number;
}

/** Nothing used yet of a window of so many seconds. */
export function openUsage(windowSeconds: number): Usage {
  // The service counts from the beginning of a call's second, by its own clock.
  const keptSeconds = windowSeconds + 1;
  let limits = least;
  let buckets: Bucket[] = [];
  const used = (now: number): Use => {
    const first = Math.floor(now / 1000) - keptSeconds;
    buckets = buckets.filter(({ second }) => second > first);
    return sum(buckets);
  };
  const add = (now: number, use: Use): void => {
    const second = Math.floor(now / 1000);
    let last = buckets.at(-1);
    if (last?.second !== second) buckets.push((last = { second, requests: 0, ms: 0 }));
    last.requests += use.requests;
    last.ms += use.ms;
  };
  const left = (now: number): Use => {
    const { requests, ms } = used(now);
    return { requests: limits.requests - requests, ms: limits.ms - ms };
  };
  return {
    left,
    heard(now, said) {
      limits = {
        requests: Math.max(limits.requests, said.requests),
        ms: Math.max(limits.ms, said.ms),
      };
      const known = left(now);
      const more = { requests: known.requests - said.requests, ms: known.ms - said.ms };
      add(now, { requests: Math.max(0, more.requests), ms: Math.max(0, more.ms) });
      forget(buckets, "requests", -more.requests);
      forget(buckets, "ms", -more.ms);
      return Math.max(0, more.ms);
    },
    spent: (now, ms) => add(now, { requests: 1, ms }),
    freeAt(now, wanted) {
      const free = { ...left(now) };
      for (const bucket of buckets) {
        if (free.requests >= wanted.requests && free.ms >= wanted.ms) return now;
        free.requests += bucket.requests;
        free.ms += bucket.ms;
        now = Math.max(now, (bucket.second + keptSeconds) * 1000);
      }
      return now;
    },
  };
}

function sum(buckets: readonly Bucket[]): Use {
  let requests = 0;
  let ms = 0;
  for (const bucket of buckets) {
    requests += bucket.requests;
    ms += bucket.ms;
  }
  return { requests, ms };
}

/** The service has forgotten some use: the oldest. */
function forget(buckets: readonly Bucket[], what: "requests" | "ms", some: number): void {
  let rest = some;
  for (const bucket of buckets) {
    if (rest <= 0) return;
    const gone = Math.min(rest, bucket[what]);
    bucket[what] -= gone;
    rest -= gone;
  }
}
