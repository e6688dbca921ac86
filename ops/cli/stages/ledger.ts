import { setPriority } from "node:os";
import { join } from "node:path";
import { runLedger } from "../../../sinks/clickhouse/ledger.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { destinationOf } from "../../migration/destinations/index.ts";
import { type StageParts, shared, yields } from "./parts.ts";

/** Holds every event of the migration, and answers for it. */
export async function run(parts: StageParts): Promise<void> {
  setPriority(yields);
  const { migration, ready } = parts;
  const { url, path } = migration.file.clickhouse;
  await runLedger({
    ...shared(parts, "ledger"),
    plan: compiledPlan(migration).plan,
    canonical: await destinationOf(migration.file.destination).canonical(),
    clickhouse: url === undefined ? { path: join(migration.stateFolder, path) } : { url },
    httpPort: 0,
    onReady: (http) => ready({ http }),
  });
}
