import { expect } from "vitest";
import type { RehearseOptions } from "../../ops/migration/rehearse/options.ts";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import type { Report } from "../../sinks/clickhouse/report.ts";
import { type Rehearsed, rehearsed, setInMigration } from "../e2e/rehearsed.ts";
import { killLoader } from "./kill-loader.ts";

/** A rule as the admin port takes it. */
export interface Rule {
  readonly id: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

/** What a test sees of a migration under way. */
export type Live = Parameters<NonNullable<Hooks["live"]>>[0];

/** What a destination is judged by. */
export interface Judged {
  readonly surroundings: Surroundings;
  readonly ledger: LedgerClient;
  readonly reconciliation: Report["reconciliation"];
}

/** What goes wrong at a destination; every rule must strike. */
export interface FaultPlan {
  /** While the destination is provisioned. */
  readonly provisioning?: readonly Rule[];
  /** While rows are written. */
  readonly rules?: readonly Rule[];
  /** The same, where it takes a look at the source. */
  readonly rulesFor?: (source: RunningSimulator) => Promise<readonly Rule[]>;
  /** What is done at the source, beside all else, for its rules to strike. */
  readonly work?: (source: RunningSimulator, nth: number) => Promise<void>;
  /** What it does cannot be undone, so that its rules are known to the end. */
  readonly stays?: boolean;
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
  amiss(judged: Judged): Promise<readonly string[]>;
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
  more: Pick<Hooks, "environment" | "live"> = {},
): Promise<Endured> {
  const { killAt = [], ...wanted } = options;
  const ended = new AbortController();
  let killing: Promise<string[]> = Promise.resolve([]);
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
      const taken = () => kind.taken(destination);
      killing = killLoader(taken, surroundings, killAt, ended.signal);
    },
    ...(kind.live === undefined ? {} : { live: kind.live }),
    ...more,
  };
  try {
    const run = await rehearsed({ ...kind.options, ...wanted }, hooks);
    ended.abort();
    return { run, kills: await killing };
  } finally {
    ended.abort();
  }
}

/** Every fault struck, every version ended once, and the destination holds all of it once, without a repair. */
export async function expectWhole(kind: Destination, run: Rehearsed): Promise<void> {
  const { reconciliation, doubles, extra, drift } = run.report;
  expect(await silent(run.surroundings)).toEqual([]);
  expect(await kind.amiss({ ...run, reconciliation })).toEqual([]);
  expect({ doubles, extra, repaired: drift.repaired }).toEqual({
    doubles: [],
    extra: [],
    repaired: [],
  });
  expect(run.accounted).toBe(true);
}

/** Gives the destination rules, beside those it has. */
export async function plant(destination: RunningSimulator, rules: readonly Rule[]): Promise<void> {
  if (rules.length > 0) await destination.call("POST", "faults", { seed: 1, rules });
}

/** Takes all rules away. */
export async function unplant(destination: RunningSimulator): Promise<void> {
  await destination.call("DELETE", "faults");
}

/** Rules that never struck: a plan that struck nothing proves nothing. */
export async function silent({ destination }: Pick<Surroundings, "destination">) {
  const { rules } = await destination.call<{ rules: { id: string; hits: number }[] }>(
    "GET",
    "faults",
  );
  return rules.filter(({ hits }) => hits === 0).map(({ id }) => id);
}
