import { CutoverError } from "../../pipeline/core/errors.ts";
import type { RecordEvent } from "./explain.ts";
import type { FieldDifference, ReconciliationRow, RecordKey, Report } from "./report.ts";

/** What the ledger's process says of itself. */
export interface LedgerStatus {
  readonly migration: string;
  readonly phase: string;
  readonly states: readonly {
    readonly object: string;
    readonly state: string;
    readonly reason: string;
    readonly records: number;
  }[];
  readonly stages: readonly {
    readonly stage: string;
    readonly records: number;
    readonly oldest_seconds: number;
  }[];
  readonly reconciliation: readonly ReconciliationRow[];
}

/** Asks a running ledger over loopback. */
export interface LedgerClient {
  /** Rows of one reading statement. */
  query<T>(sql: string): Promise<readonly T[]>;
  status(): Promise<LedgerStatus>;
  reconciliation(): Promise<readonly ReconciliationRow[]>;
  differences(): Promise<readonly FieldDifference[]>;
  /** Next offset to be read per topic and partition: everything below is in the views. */
  positions(): Promise<ReadonlyMap<string, readonly number[]>>;
  explain(object: string, key: string): Promise<readonly RecordEvent[]>;
  /** Deviations that count only once the row was asked for again; `id`: of the row at the destination. */
  suspicious(): Promise<{ object: string; key: string; id: string }[]>;
  /** Records with missing, extra and differing rows that the source knows, so that they can be ordered again. */
  deviating(): Promise<RecordKey[]>;
  report(): Promise<Report>;
}

/** A client of the ledger at this base URL. */
export function ledgerClient(url: string): LedgerClient {
  const get = async <T>(path: string): Promise<T> => (await reply(url, path)).json() as Promise<T>;
  const query = async <T>(sql: string): Promise<readonly T[]> => {
    const response = await reply(url, "query", { method: "POST", body: sql });
    const lines = (await response.text()).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as T);
  };
  return {
    query,
    status: () => get("status"),
    reconciliation: () => get("reconciliation"),
    differences: () => get("differences"),
    positions: async () =>
      new Map(Object.entries(await get<Record<string, readonly number[]>>("position"))),
    explain: (object, key) =>
      get(`explain?object=${encodeURIComponent(object)}&key=${encodeURIComponent(key)}`),
    suspicious: async () => [
      ...(await query<{ object: string; key: string; id: string }>(
        "SELECT object, key, destination_id AS id FROM record_state WHERE state = 'in_flight' AND reason = 'recheck'",
      )),
    ],
    deviating: async () => [
      ...(await query<RecordKey>(
        `SELECT object, record AS key, entity, source_id, any(state) AS reason FROM record_state
         WHERE state IN ('missing', 'extra', 'differs') AND source_id != ''
         GROUP BY object, record, entity, source_id`,
      )),
    ],
    report: () => get("report"),
  };
}

async function reply(url: string, path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, `${url.replace(/\/$/, "")}/`), init);
  } catch (error) {
    throw new CutoverError("SINK_UNAVAILABLE", `The ledger at ${url} does not answer.`, {
      cause: error,
    });
  }
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({ error: response.statusText }))) as {
    error: string;
  };
  throw new CutoverError("CONFIG_INVALID", `The ledger refuses: ${error}`);
}
