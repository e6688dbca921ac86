import type { LedgerClient } from "../../../sinks/clickhouse/ledger-client.ts";
import type { Supervisor } from "../supervisor.ts";
import type { Surroundings } from "./start.ts";

/** What a rehearsal measured; times are seconds, sizes bytes. */
export interface Figures {
  /** Versions that ended at the destination. */
  readonly outcomes: number;
  /** From the first row read to the last outcome of the first load. */
  readonly loadSeconds: number;
  readonly loadOutcomes: number;
  readonly loadOutcomesPerSecond: number;
  /** Changes the dispatchers made while the delta was open. */
  readonly changes: number;
  /** Source commit → outcome, of what was committed while the delta was open. */
  readonly delta: {
    readonly outcomes: number;
    /** Writing calls the loader made for them: one a small request. */
    readonly requests: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
  readonly peakRss: Readonly<Record<string, number>>;
  readonly restarts: Readonly<Record<string, number>>;
  readonly destinationCalls: unknown;
}

const deltaBegun =
  "(SELECT min(at) FROM control_event WHERE kind = 'phase' AND JSONExtractString(value, 'phase') = 'delta')";

/** Reads the figures of a run from its ledger and its processes. */
export async function figures(
  ledger: LedgerClient,
  supervisor: Supervisor,
  { qdispatch, destination }: Surroundings,
  changes: number,
): Promise<Figures> {
  const [load] = await ledger.query<{ total: number; n: number; seconds: number }>(
    `SELECT count() AS total, countIf(ended_at <= ${deltaBegun}) AS n,
       dateDiff('millisecond', (SELECT min(read_at) FROM source_record), maxIf(ended_at, ended_at <= ${deltaBegun})) / 1000 AS seconds
     FROM (SELECT DISTINCT topic, partition, offset, ended_at FROM outcome)`,
  );
  const [delta] = await ledger.query<{ n: number; p50: number; p95: number; p99: number }>(
    `SELECT count() AS n, quantile(0.5)(s) AS p50, quantile(0.95)(s) AS p95, quantile(0.99)(s) AS p99 FROM
       (SELECT DISTINCT topic, partition, offset, dateDiff('millisecond', committed_at, ended_at) / 1000 AS s
        FROM outcome WHERE committed_at > ${deltaBegun})`,
  );
  const [sent] = await ledger.query<{ n: number }>(
    `SELECT uniqExact(request_id) AS n FROM request WHERE at > ${deltaBegun}`,
  );
  const seconds = load?.seconds ?? 0;
  const loadOutcomes = load?.n ?? 0;
  return {
    outcomes: load?.total ?? 0,
    loadSeconds: seconds,
    loadOutcomes,
    loadOutcomesPerSecond: seconds > 0 ? Math.round(loadOutcomes / seconds) : 0,
    changes,
    delta: {
      outcomes: delta?.n ?? 0,
      requests: sent?.n ?? 0,
      p50: delta?.p50 ?? 0,
      p95: delta?.p95 ?? 0,
      p99: delta?.p99 ?? 0,
    },
    peakRss: {
      ...supervisor.peakRss(),
      qdispatch: qdispatch.child.peakRss(),
      [destination.child.name]: destination.child.peakRss(),
    },
    restarts: supervisor.restarts(),
    destinationCalls: await destination.call("GET", "counters"),
  };
}
