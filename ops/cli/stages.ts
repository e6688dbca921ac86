import { setPriority } from "node:os";
import { join } from "node:path";
import type { Stage } from "../../pipeline/stage/stage.ts";
import { loadProfile } from "../../pipeline/source/profile.ts";
import { runPoller } from "../../pipeline/source/poller.ts";
import { runTransformer } from "../../pipeline/transform/transformer.ts";
import { runLedger } from "../../sinks/clickhouse/ledger.ts";
import { runLoader } from "../../sinks/loader/loader.ts";
import { runObserver } from "../../sinks/observer/observer.ts";
import { compiledPlan } from "../migration/compiled.ts";
import { confirmedRun } from "../migration/confirmed-run.ts";
import { derivations } from "../migration/derivations.ts";
import { destinationOf } from "../migration/destinations/index.ts";
import { connectionOf, type Migration } from "../migration/migration-file.ts";
import { openSink } from "../migration/open-sink.ts";
import type { StageName } from "../migration/supervisor.ts";

/** Says what others need to reach this process. */
type Ready = (facts: Readonly<Record<string, unknown>>) => void;

interface Parts {
  readonly migration: Migration;
  readonly stage: Stage;
  readonly instance: number;
  readonly ready: Ready;
}

/** Who only reads gives way to the stages a record passes through; it catches up when they rest. */
const yields = 10;

/** Every stage with the parts it is made of: the one place that composes the product. */
const stages: Record<StageName, (parts: Parts) => Promise<void>> = {
  poller: async ({ migration, stage, ready }) => {
    const profile = loadProfile(migration.profilePath);
    ready({});
    await runPoller({
      ...shared(migration, stage, "poller"),
      profile,
      derive: derivations(compiledPlan(migration)),
      stateFolder: join(migration.stateFolder, "poller"),
    });
  },
  transform: async ({ migration, stage, instance, ready }) => {
    const run = await confirmedRun(migration, "transform");
    ready({});
    await runTransformer({
      ...shared(migration, stage, "transform"),
      run,
      instance,
      compiled: compiledPlan(migration),
    });
  },
  loader: async ({ migration, stage, ready }) => {
    const compiled = compiledPlan(migration);
    const run = await confirmedRun(migration, "loader");
    const sink = await openSink(migration, "loader", stage);
    ready({});
    const { loader } = migration.file;
    await runLoader({
      ...shared(migration, stage, "loader"),
      run,
      plan: compiled.plan,
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
  },
  observer: async ({ migration, stage, ready }) => {
    setPriority(yields);
    const sink = await openSink(migration, "observer", stage);
    ready({});
    await runObserver({
      ...shared(migration, stage, "observer"),
      plan: compiledPlan(migration).plan,
      sink,
      intervalMs: migration.file.observer.interval_ms,
    });
  },
  ledger: async ({ migration, stage, ready }) => {
    setPriority(yields);
    const { plan } = compiledPlan(migration);
    const { url, path } = migration.file.clickhouse;
    await runLedger({
      ...shared(migration, stage, "ledger"),
      plan,
      canonical: await destinationOf(migration.file.destination).canonical(),
      clickhouse: url === undefined ? { path: join(migration.stateFolder, path) } : { url },
      httpPort: 0,
      onReady: (http) => ready({ http }),
    });
  },
};

/** Runs one stage until it is drained. */
export function runStage(
  name: StageName,
  migration: Migration,
  instance: number,
  stage: Stage,
  ready: Ready,
): Promise<void> {
  return stages[name]({ migration, stage, instance, ready });
}

function shared(migration: Migration, stage: Stage, name: StageName) {
  return {
    stage,
    connection: connectionOf(migration, name),
    migration: migration.name,
    planHash: compiledPlan(migration).plan.hash,
  };
}
