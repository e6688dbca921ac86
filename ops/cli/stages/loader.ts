import { join } from "node:path";
import { runLoader } from "../../../sinks/loader/loader.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { confirmedRun } from "../../migration/confirmed-run.ts";
import { openSink } from "../../migration/open-sink.ts";
import { type StageParts, shared } from "./parts.ts";

/** Writes rows into the destination. */
export async function run(parts: StageParts): Promise<void> {
  const { migration, stage, ready } = parts;
  const { plan } = compiledPlan(migration);
  const run = await confirmedRun(migration, "loader");
  const sink = await openSink(migration, "loader", stage);
  ready({});
  const { loader } = migration.file;
  await runLoader({
    ...shared(parts, "loader"),
    run,
    plan,
    sink,
    stateFolder: join(migration.stateFolder, "loader"),
    settings: {
      bulkThreshold: loader.bulk_threshold,
      flushMs: loader.flush_ms,
      lanes: loader.lanes,
      refusalCeiling: { share: loader.refusal_share, count: loader.refusal_count },
      maxAttempts: loader.max_attempts,
      callShare: loader.call_share,
    },
  });
}
