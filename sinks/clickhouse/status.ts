import type { Database } from "./database.ts";
import type { LedgerStatus } from "./ledger-client.ts";
import type { ReconciliationRow } from "./report.ts";

/** Where every object and stage stands. */
export async function statusOf(database: Database, migration: string): Promise<LedgerStatus> {
  const [phase] = await database.select<{ phase: string }>(
    "SELECT JSONExtractString(argMax(value, offset), 'phase') AS phase FROM control_event WHERE kind = 'phase'",
  );
  return {
    migration,
    phase: phase?.phase ?? "",
    states: await database.select(
      "SELECT object, state, reason, count() AS records FROM record_state GROUP BY object, state, reason ORDER BY object, state, reason",
    ),
    stages: await database.select("SELECT * FROM stage_lag ORDER BY stage"),
    reconciliation: await database.select<ReconciliationRow>("SELECT * FROM reconciliation"),
  };
}
