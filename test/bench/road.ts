import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiledPlan } from "../../ops/migration/compiled.ts";
import type { Migration } from "../../ops/migration/migration-file.ts";
import { endsOf, loadTopicsOf, passed, sourceTopicsOf } from "../../ops/migration/positions.ts";
import { openRun, type RunContext } from "../../ops/migration/run-context.ts";
import { destinations } from "../../ops/migration/destinations/index.ts";
import { fallbackOwner } from "../../ops/migration/rehearse/provision.ts";
import { writeFolder } from "../../ops/migration/rehearse/write-folder.ts";
import { type RunningSimulator, startSimulator } from "../../ops/migration/simulator.ts";
import { openSupervisor, type Supervisor } from "../../ops/migration/supervisor.ts";
import { applyMigrationTopics } from "../../ops/migration/topics.ts";
import { type StackAddresses, stackUp } from "../../ops/stack/stack.ts";
import { addFallbackOwner, type Benched, provisioned } from "./benched.ts";
import { seedRecords } from "./seed-records.ts";
import { setInMigration } from "./set-in-migration.ts";
import type { Sizes } from "./sizes.ts";

const timeoutMs = 60 * 60 * 1000;

/** The record's road from the source topics to the destination, without a source: what benches drive. */
export interface Road {
  readonly benched: Benched;
  readonly destination: RunningSimulator;
  /** Where the simulators keep their state, uploads included. */
  readonly simulatorFolder: string;
  readonly migration: Migration;
  readonly supervisor: Supervisor;
  /** Objects in the order they are loaded. */
  readonly waves: RunContext["plan"]["waves"];
  /** Commits the records to the source topics; the same numbers give the same records. */
  seed(sizes: Sizes): Promise<void>;
  /** Starts transform and loader where they do not run yet, and waits until all is settled. */
  settle(): Promise<{ readonly seconds: number; readonly waves: Readonly<Record<string, number>> }>;
  /** Calls the destination has counted since it was asked last. */
  calls(): Promise<number>;
  close(): Promise<void>;
}

/** What a road is opened with. */
export interface RoadOptions {
  readonly benched: Benched;
  readonly limits: "published" | "off";
  readonly stack: StackAddresses;
  /** A road whose destination is used once more; otherwise one is started. */
  readonly before?: Road;
  /** Sections of `migration.yaml` and their values. */
  readonly set: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The broker and registry the arguments name, or the local stack. */
export function stackOf(args: Record<string, string>): Promise<StackAddresses> | StackAddresses {
  const { brokers, registry } = args;
  if (brokers !== undefined && registry !== undefined) return { brokers, registry };
  return stackUp({ ownedBy: process.pid });
}

/** Says how far a bench has come. */
export function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

/** Opens a migration of its own, its plan confirmed in the bench's name. */
export async function openRoad(options: RoadOptions): Promise<Road> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-bench-"));
  const { before, benched } = options;
  const { edition } = benched;
  const kind = destinations[benched.kind].rehearsed;
  const destination =
    before?.destination ?? (await startDestination(benched, folder, options.limits));
  const environment = kind.environment(destination);
  Object.assign(process.env, environment);
  const migration = writeFolder({
    folder,
    stack: options.stack,
    destination: benched.kind,
    edition,
    block: kind.block(destination),
    partitions: 3,
    fallbackOwner,
  });
  setInMigration(migration.folder, options.set);
  await applyMigrationTopics(migration);
  if (before === undefined) await provisioned(benched, destination, migration);
  const fallback = await addFallbackOwner(destination);
  progress("destination provisioned, topics applied");
  const supervisor = openSupervisor(migration, environment);
  const context = await openRun({
    migration,
    plan: compiledPlan(migration).plan,
    run: 1,
    failure: () => supervisor.failure(),
    saidBy: "bench",
    progress,
  });
  await confirm(context, fallback);
  let running = false;
  let counted = await callsOf(benched, destination);
  return {
    benched,
    destination,
    simulatorFolder: before?.simulatorFolder ?? folder,
    migration,
    supervisor,
    waves: context.plan.waves,
    seed: (sizes) => seedRecords(migration, sizes),
    async settle() {
      if (!running) {
        await Promise.all([supervisor.start("transform"), supervisor.start("loader")]);
      }
      running = true;
      return settled(context, performance.now());
    },
    async calls() {
      const now = await callsOf(benched, destination);
      const since = now - counted;
      counted = now;
      return since;
    },
    async close() {
      await supervisor.stop();
      await context.close();
      if (before === undefined) await destination.child.stop();
      // What went wrong stands in its logs.
      if (supervisor.failure() === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a destination with nothing in it. */
export function startDestination(
  { kind, edition }: Benched,
  folder: string,
  limits: RoadOptions["limits"],
): Promise<RunningSimulator> {
  const { rehearsed } = destinations[kind];
  const more = rehearsed.simulatorArguments({ seed: 1, edition });
  return startSimulator(rehearsed.simulator, { folder, args: ["--limits", limits, ...more] });
}

async function confirm({ writer, plan }: RunContext, fallback: string): Promise<void> {
  await writer.say("run", "run", { run: 1 }, "bench");
  await writer.say("plan", "plan", { hash: plan.hash }, "bench");
  await writer.say("owners", "owners", { revision: 0, owners: {}, fallback }, "bench");
  for (const gate of ["confirm", "preflight", "sample", "approve"]) {
    await writer.say("gate", gate, { plan: plan.hash, passed: true }, "bench");
  }
  await writer.say("phase", "migration", { phase: "load" }, "bench");
}

/** Opens the waves one by one, as a run does, and times each. */
async function settled(context: RunContext, begun: number) {
  const waves: Record<string, number> = {};
  const open: string[] = [];
  for (const objects of context.plan.waves) {
    const waveBegun = performance.now();
    open.push(...objects);
    await context.writer.say("wave", "load", { objects: [...open] }, "bench");
    const sources = await endsOf(context, sourceTopicsOf(context, objects));
    await passed(context, "transform", sources, timeoutMs);
    const loads = await endsOf(context, loadTopicsOf(context, objects));
    await passed(context, "loader", loads, timeoutMs);
    waves[objects.join(" ")] = secondsSince(waveBegun);
    progress(`${objects.join(" ")}: ${waves[objects.join(" ")]} s`);
  }
  return { seconds: secondsSince(begun), waves };
}

/** Seconds since a moment of `performance.now()`. */
export function secondsSince(begun: number): number {
  return Number(((performance.now() - begun) / 1000).toFixed(2));
}

async function callsOf(benched: Benched, destination: RunningSimulator): Promise<number> {
  const calls = Object.values(await benched.calls(destination));
  return calls.reduce((sum, n) => sum + n, 0);
}
