import { loadProfile } from "../../../pipeline/source/profile.ts";
import { type LedgerClient, ledgerClient } from "../../../sinks/clickhouse/ledger-client.ts";
import type { Report } from "../../../sinks/clickhouse/report.ts";
import { compiledPlan } from "../compiled.ts";
import { finish } from "../finish.ts";
import { loadWaves } from "../load-waves.ts";
import { level } from "../read-back.ts";
import { repair } from "../repair.ts";
import { readMigration } from "../migration-file.ts";
import { openRun, type RunContext } from "../run-context.ts";
import { openSupervisor, type StageName, stageNames, type Supervisor } from "../supervisor.ts";
import type { RunningSimulator } from "../simulator.ts";
import { confirm } from "./confirm.ts";
import { delta } from "./delta.ts";
import { type DriftFound, driftFound, replantMended } from "./drift.ts";
import { type Figures, figures } from "./figures.ts";
import type { RehearseOptions } from "./options.ts";
import { type Surroundings, startSurroundings } from "./start.ts";

/** The ledger's report with what only a rehearsal knows. */
export interface RehearsalReport extends Report {
  readonly drift: DriftFound;
  readonly figures: Figures;
}

/** Where a test steps into a rehearsal. */
export interface Hooks {
  /** Environment of a stage's first process, e.g. failpoints; its restarts run without faults. */
  readonly environment?: Partial<Record<StageName, Readonly<Record<string, string>>>>;
  /** Called when the destination's simulator is up and nothing is provisioned yet. */
  readonly empty?: (destination: RunningSimulator) => Promise<void>;
  /** Called before anything of the migration runs: faults planted, files of its folder changed. */
  readonly prepared?: (surroundings: Surroundings) => Promise<void>;
  /** Called while the delta is open, in place of a person at work. */
  readonly live?: (parts: {
    readonly context: RunContext;
    readonly surroundings: Surroundings;
    readonly ledger: LedgerClient;
  }) => Promise<void>;
}

/** A finished rehearsal; whatever it started still runs until `close`. */
export interface Rehearsal {
  readonly report: RehearsalReport;
  /** Every record accounted for, and the planted drift found and repaired. */
  readonly accounted: boolean;
  readonly close: () => Promise<void>;
}

/**
 * A whole cut-over on this machine: load in waves, live dispatching through the open delta, an edit
 * behind everyone's back, finish, read-back, repair, and the report that proves it.
 */
export async function rehearse(options: RehearseOptions, test: Hooks = {}): Promise<Rehearsal> {
  const surroundings = await startSurroundings(options, test.empty);
  await test.prepared?.(surroundings);
  const { environment } = surroundings;
  // Whatever the hook has changed in the folder counts.
  const migration = test.prepared
    ? readMigration(surroundings.migration.folder)
    : surroundings.migration;
  const supervisor = openSupervisor(migration, environment);
  const context = await openRun({
    migration,
    plan: compiledPlan(migration).plan,
    run: 1,
    failure: () => supervisor.failure(),
    saidBy: "rehearsal",
    progress: options.progress,
  });
  const close = async (): Promise<void> => {
    await supervisor.stop();
    await context.close();
    await surroundings.close();
  };
  try {
    const report = await run(context, supervisor, surroundings, options, test);
    return { report, accounted: report.accounted && report.drift.unnamed.length === 0, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function run(
  context: RunContext,
  supervisor: Supervisor,
  surroundings: Surroundings,
  options: RehearseOptions,
  test: Hooks,
): Promise<RehearsalReport> {
  await confirm(context);
  const ledger = await startStages(supervisor, test.environment ?? {});
  context.progress("every stage is up");
  await loadWaves(context, loadProfile(context.migration.profilePath));
  await test.live?.({ context, surroundings, ledger });
  const live = options.rate > 0 && options.seconds > 0;
  const happened = live ? await delta(context, surroundings, ledger, options) : undefined;
  let drift = happened?.drift ?? [];
  await finish(context, ledger, await sourceNow(surroundings), async () => {
    await level(context, ledger);
    drift = await replantMended(drift, surroundings, ledger);
  });
  const found = driftFound(drift, await ledger.report());
  const repaired = await repair(context, ledger);
  const report = await ledger.report();
  return {
    ...report,
    drift: { ...found, repaired: repaired.map(({ object, key }) => `${object} ${key}`) },
    figures: await figures(ledger, supervisor, surroundings, happened?.changes ?? 0),
  };
}

async function startStages(
  supervisor: Supervisor,
  environment: NonNullable<Hooks["environment"]>,
): Promise<LedgerClient> {
  await Promise.all(stageNames.map((stage) => supervisor.start(stage, environment[stage])));
  return ledgerClient(String(supervisor.processes()["ledger"]?.["http"]));
}

/** The source's own clock: a moment of ours would be another's. */
async function sourceNow({ qdispatch }: Surroundings): Promise<number> {
  const { now } = await qdispatch.call<{ now: string }>("GET", "clock");
  return Date.parse(now);
}
