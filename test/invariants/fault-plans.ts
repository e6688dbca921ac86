import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RehearseOptions } from "../../ops/migration/rehearse/options.ts";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import { until } from "../../ops/migration/until.ts";
import { pidOf, type Rehearsed, rehearsed, setInMigration } from "../e2e/rehearsed.ts";

/** A rule as the admin port takes it. */
export interface Rule {
  readonly id: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

/** What goes wrong at a destination; every rule must strike. */
export interface FaultPlan {
  /** While the destination is provisioned. */
  readonly provisioning?: readonly Rule[];
  /** While rows are written. */
  readonly rules?: readonly Rule[];
  /** The same, where it takes a look at the source. */
  readonly rulesFor?: (source: RunningSimulator) => Promise<readonly Rule[]>;
}

/** A kind of destination as its fault plans see it. */
export interface Destination {
  readonly options: Partial<RehearseOptions>;
  readonly plans: Readonly<Record<string, FaultPlan>>;
  /** Settings of the loader under which so many customers meet every road. */
  loader(size: number): Readonly<Record<string, unknown>>;
  /** How much the destination has taken: uploads of one, rows of the other. Kills are armed by it. */
  taken(destination: RunningSimulator): Promise<number>;
  /** What is lost, doubled, or left half done there, a line each. */
  amiss(run: Rehearsed): Promise<readonly string[]>;
  readonly live?: Hooks["live"];
}

/** A rehearsal under faults, and where the loader was killed in it. */
export interface Endured {
  readonly run: Rehearsed;
  readonly kills: readonly string[];
}

/** A whole rehearsal of so many customers under fault plans, the loader killed whenever so much was taken. */
export async function endured(
  kind: Destination,
  plans: readonly FaultPlan[],
  options: Partial<RehearseOptions> & {
    readonly size: number;
    readonly killAt?: readonly number[];
  },
): Promise<Endured> {
  const { killAt = [], ...wanted } = options;
  const ended = new AbortController();
  let killing: Promise<string[]> = Promise.resolve([]);
  const plant = async (destination: RunningSimulator, rules: readonly Rule[]): Promise<void> => {
    if (rules.length > 0) await destination.call("POST", "faults", { seed: 1, rules });
  };
  const hooks: Hooks = {
    empty: (destination) =>
      plant(
        destination,
        plans.flatMap(({ provisioning = [] }) => provisioning),
      ),
    async prepared(surroundings) {
      const { qdispatch, destination } = surroundings;
      setInMigration(surroundings, ["loader"], kind.loader(options.size));
      // A bounded wait for what is on the wire.
      setInMigration(surroundings, ["destination", "timeout_seconds"], 10);
      const found = plans.map(async ({ rules = [], rulesFor }) => [
        ...rules,
        ...((await rulesFor?.(qdispatch)) ?? []),
      ]);
      await plant(destination, (await Promise.all(found)).flat());
      killing = killLoader(kind, surroundings, killAt, ended.signal);
    },
    ...(kind.live === undefined ? {} : { live: kind.live }),
  };
  try {
    const run = await rehearsed({ ...kind.options, ...wanted }, hooks);
    ended.abort();
    return { run, kills: await killing };
  } finally {
    ended.abort();
  }
}

/** Every fault struck, every version ended once, and the destination holds all of it once. */
export async function expectWhole(kind: Destination, run: Rehearsed): Promise<void> {
  expect(await silent(run.surroundings)).toEqual([]);
  expect(await kind.amiss(run)).toEqual([]);
  expect(run.report.doubles).toEqual([]);
  expect(run.accounted).toBe(true);
}

/** Rules that never struck: a plan that struck nothing proves nothing. */
export async function silent({ destination }: Pick<Surroundings, "destination">) {
  const { rules } = await destination.call<{ rules: { id: string; hits: number }[] }>(
    "GET",
    "faults",
  );
  return rules.filter(({ hits }) => hits === 0).map(({ id }) => id);
}

/**
 * SIGKILLs the loader each time the destination has taken so much more, and says where; ends when it
 * has or when \`ended\` is aborted.
 */
async function killLoader(
  kind: Destination,
  surroundings: Surroundings,
  killAt: readonly number[],
  ended: AbortSignal,
): Promise<string[]> {
  const kills: string[] = [];
  const begun = await kind.taken(surroundings.destination);
  let killed = 0;
  for (const after of killAt) {
    await until(
      async () => {
        if (ended.aborted) return true;
        const taken = (await kind.taken(surroundings.destination)) - begun;
        const pid = taken < after ? killed : loaderOf(surroundings);
        if (pid === killed) return false;
        process.kill(pid, "SIGKILL");
        killed = pid;
        kills.push(`loader ${pid}: SIGKILL when ${taken} were taken`);
        return true;
      },
      { what: `a loader to kill when ${after} are taken`, timeoutMs: 600_000 },
    );
  }
  return kills;
}

/** The loader's process, 0 while no stage has been started. */
function loaderOf(surroundings: Surroundings): number {
  const started = existsSync(join(surroundings.migration.stateFolder, "processes.json"));
  return started ? pidOf(surroundings, "loader") || 0 : 0;
}
