/** One request as a simulator saw it; no header value, no body, no secret of a query. */
export interface SeenRequest {
  readonly seq: number;
  /** ISO time on the simulator's clock. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** 0 when the socket was dropped without a status. */
  readonly status: number;
  readonly ms: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly user_agent: string;
  readonly faults: readonly string[];
}

/** The last requests and the counters over all of them. */
export interface RequestLog {
  note(request: Omit<SeenRequest, "seq">): void;
  /** The requests after `since`, oldest first, at most `limit` of the newest. */
  list(since?: number, limit?: number): readonly SeenRequest[];
  /** Adds to a counter of the simulator's own. */
  count(name: string, by?: number): void;
  counters(): Readonly<Record<string, number>>;
  clear(): void;
}

const secretParameter =
  /(^|&)([^=&]*(?:secret|token|password|assertion|api_?key)[^=&]*|code|sid)=[^&]*/gi;

/** A path as it may be kept: the values of secret-looking parameters are gone. */
export function redacted(path: string): string {
  const [before = "", query] = path.split("?", 2);
  return query === undefined ? before : `${before}?${query.replace(secretParameter, "$1$2=***")}`;
}

/** A log that keeps the newest `keep` requests. */
export function requestLog(keep = 2_000): RequestLog {
  let seen: SeenRequest[] = [];
  let seq = 0;
  const counters = new Map<string, number>();
  const count = (name: string, by = 1): void => {
    counters.set(name, (counters.get(name) ?? 0) + by);
  };
  return {
    note(request) {
      seq += 1;
      seen.push({ seq, ...request, path: redacted(request.path) });
      if (seen.length > keep * 2) seen = seen.slice(-keep);
      count("requests");
      count(`status_${request.status}`);
      for (const fault of request.faults) count(`fault_${fault}`);
    },
    list: (since = 0, limit = keep) =>
      seen
        .slice(-keep)
        .filter((one) => one.seq > since)
        .slice(-limit),
    count,
    counters: () => Object.fromEntries([...counters].sort(([a], [b]) => (a < b ? -1 : 1))),
    clear() {
      seen = [];
      counters.clear();
    },
  };
}
