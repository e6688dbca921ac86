/** Requests and their execution time. */
export interface Use {
  readonly requests: number;
  readonly executionMs: number;
}

/** What one user used of one server within the sliding window, in buckets of a second. */
export interface Window extends Use {
  add(now: number, used: Use): void;
  /** Forgets what has left the window. */
  slide(now: number): void;
  /** When the window will hold so little that `fits` says yes; now, if it does already. */
  freeAt(now: number, fits: (left: Use) => boolean): number;
}

interface Bucket {
  readonly second: number;
  requests: number;
  executionMs: number;
}

/** An empty window of so many seconds. */
export function slidingWindow(seconds: () => number): Window {
  const buckets: Bucket[] = [];
  let requests = 0;
  let executionMs = 0;
  return {
    get requests() {
      return requests;
    },
    get executionMs() {
      return executionMs;
    },
    add(now, used) {
      const second = Math.floor(now / 1_000);
      let last = buckets.at(-1);
      if (last?.second !== second) buckets.push((last = { second, requests: 0, executionMs: 0 }));
      last.requests += used.requests;
      last.executionMs += used.executionMs;
      requests += used.requests;
      executionMs += used.executionMs;
    },
    slide(now) {
      const first = Math.floor(now / 1_000) - seconds();
      while ((buckets[0]?.second ?? Number.POSITIVE_INFINITY) <= first) {
        const gone = buckets.shift();
        requests -= gone?.requests ?? 0;
        executionMs -= gone?.executionMs ?? 0;
      }
    },
    freeAt(now, fits) {
      const left = { requests, executionMs };
      let at = now;
      for (const bucket of buckets) {
        if (fits(left)) break;
        left.requests -= bucket.requests;
        left.executionMs -= bucket.executionMs;
        at = (bucket.second + seconds()) * 1_000;
      }
      return at;
    },
  };
}
