/** Reads the ledger: rows of one statement. */
export interface Asks {
  query<T>(sql: string): Promise<readonly T[]>;
}

/** Counts by reason. */
export type ByReason = Readonly<Record<string, number>>;

/** One object's line of the reconciliation. */
export interface ReconciliationRow {
  readonly object: string;
  readonly source: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly superseded: number;
  readonly refused: number;
  readonly rejected: ByReason;
  readonly parked: ByReason;
  readonly destination: number;
  readonly equal: number;
  /** Records that would stand in a user of the destination, and nobody was found. */
  readonly no_user: number;
  readonly in_flight: number;
  readonly refused_records: number;
  readonly missing: number;
  readonly extra: number;
  readonly differing: number;
  readonly unaccounted: number;
}

/** A field that is not what it should be. */
export interface FieldDifference {
  readonly object: string;
  readonly key: string;
  readonly destination_id: string;
  readonly field: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly modified_by: string | null;
}

/** A record by its key. */
export interface RecordKey {
  readonly object: string;
  readonly key: string;
  readonly entity: string;
  readonly source_id: string;
  readonly reason: string;
}

/** What a migration ends with; versioned by `report`. */
export interface Report {
  readonly report: 1;
  readonly at: string;
  /** Nothing missing, extra, differing or under way, and no version ended twice. */
  readonly accounted: boolean;
  readonly reconciliation: readonly ReconciliationRow[];
  readonly differences: readonly FieldDifference[];
  readonly missing: readonly RecordKey[];
  readonly extra: readonly RecordKey[];
  readonly in_flight: readonly RecordKey[];
  readonly dead_letters: readonly {
    readonly object: string;
    readonly code: string;
    readonly field: string | null;
    readonly records: number;
  }[];
  readonly parked: readonly {
    readonly object: string;
    readonly reason: string;
    readonly records: number;
  }[];
  readonly field_sums: readonly {
    readonly object: string;
    readonly field: string;
    readonly expected: number;
    readonly found: number;
  }[];
  /** Rows at the destination by picklist value; lookups by filled or empty. */
  readonly destination_values: readonly {
    readonly object: string;
    readonly field: string;
    readonly value: string;
    readonly rows: number;
  }[];
  /** Which realities the source's data has: how many records show each, and where those have ended. */
  readonly findings: readonly {
    readonly kind: string;
    readonly entity: string;
    readonly records: number;
    /** Records by object, state and reason. */
    readonly ended: Readonly<Record<string, number>>;
  }[];
  readonly doubles: readonly Readonly<Record<string, unknown>>[];
  readonly latency: readonly {
    readonly object: string;
    readonly outcomes: number;
    readonly p50_seconds: number;
    readonly p95_seconds: number;
    readonly p99_seconds: number;
  }[];
  /** Values no record could be read from; the transform rejects those of the source. */
  readonly unreadable: number;
}

/** Most keys a list of the report names; the counts are always whole. */
const mostNamed = 1000;

/** Builds the report from the ledger's views. */
export async function buildReport(ledger: Asks): Promise<Report> {
  const reconciliation = await ledger.query<ReconciliationRow>("SELECT * FROM reconciliation");
  const doubles = await ledger.query<Record<string, unknown>>(
    `SELECT * FROM doubles LIMIT ${mostNamed}`,
  );
  const unreadable = await ledger.query<{ n: number }>(
    "SELECT count() AS n FROM (SELECT DISTINCT topic, partition, offset FROM unreadable)",
  );
  const differences = await ledger.query<FieldDifference>(
    `SELECT * FROM field_difference ORDER BY object, key, field LIMIT ${mostNamed}`,
  );
  const deviating = await ledger.query<RecordKey & { state: string }>(
    `SELECT object, key, entity, source_id, reason, state FROM record_state
     WHERE state IN ('missing', 'extra', 'in_flight') ORDER BY object, key LIMIT ${3 * mostNamed}`,
  );
  const named = (state: string): readonly RecordKey[] =>
    deviating.filter((row) => row.state === state);
  return {
    report: 1,
    at: new Date().toISOString(),
    accounted: reconciliation.every((row) => row.unaccounted === 0) && doubles.length === 0,
    reconciliation,
    differences,
    missing: named("missing"),
    extra: named("extra"),
    in_flight: named("in_flight"),
    ...(await counts(ledger)),
    doubles,
    unreadable: unreadable[0]?.n ?? 0,
  };
}

type Counts = Pick<
  Report,
  "dead_letters" | "parked" | "field_sums" | "destination_values" | "findings" | "latency"
>;

async function counts(ledger: Asks): Promise<Counts> {
  return {
    dead_letters: await ledger.query(
      "SELECT object, code, field, count() AS records FROM dead_letter GROUP BY object, code, field ORDER BY object, code, field",
    ),
    parked: await ledger.query(
      "SELECT object, reason, count() AS records FROM parked_newest GROUP BY object, reason ORDER BY object, reason",
    ),
    field_sums: await ledger.query(
      "SELECT object, field, toFloat64(expected) AS expected, toFloat64(found) AS found FROM field_sum ORDER BY object, field",
    ),
    destination_values: await ledger.query("SELECT * FROM destination_value"),
    findings: await ledger.query(
      `SELECT kind, entity, count() AS records, sumMap(mapFromArrays(ended, arrayMap(each -> toUInt64(1), ended))) AS ended
       FROM finding GROUP BY kind, entity ORDER BY kind, entity`,
    ),
    latency: await ledger.query(
      "SELECT object, outcomes, p50_seconds, p95_seconds, p99_seconds FROM latency ORDER BY object",
    ),
  };
}
