import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { parseDocument } from "yaml";
import type { RehearseOptions } from "../../ops/migration/rehearse/options.ts";
import { type Hooks, type Rehearsal, rehearse } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { until } from "../../ops/migration/until.ts";
import { type LedgerClient, ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import type { Comparison } from "../independent/comparison.ts";
import { compare } from "../independent/difference.ts";
import { compareTables } from "../independent/dynamics/difference.ts";

/** What a test sees of a finished rehearsal, which still runs until `close`. */
export interface Rehearsed extends Rehearsal {
  readonly surroundings: Surroundings;
  readonly ledger: LedgerClient;
  /** Source and destination by a road of their own. */
  compare(): Promise<Comparison>;
  /** Events of a stage's log, oldest first. */
  log(stage: string): readonly Record<string, unknown>[];
}

/** Nothing live, no limits, thirty customers: a test names what it is about. */
const defaults = {
  destination: "salesforce",
  size: 30,
  seed: 1,
  rate: 0,
  seconds: 0,
  limits: false,
} as const;

/** A whole rehearsal on the tests' stack, in a folder of its own. */
export async function rehearsed(
  options: Partial<RehearseOptions>,
  hooks: Hooks = {},
): Promise<Rehearsed> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-e2e-"));
  const lines: string[] = [];
  let surroundings: Surroundings | undefined;
  try {
    const rehearsal = await rehearse(
      {
        ...defaults,
        corpus: undefined,
        truth: undefined,
        stack: { brokers: inject("brokers"), registry: inject("registry") },
        folder,
        progress: (line) => lines.push(`${(performance.now() / 1000).toFixed(1)} s  ${line}`),
        ...options,
      },
      {
        ...hooks,
        async prepared(parts) {
          surroundings = parts;
          await hooks.prepared?.(parts);
        },
      },
    );
    return withChecks(rehearsal, surroundings as unknown as Surroundings, options);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nIn ${folder}:\n${lines.join("\n")}`, {
      cause: error,
    });
  }
}

function withChecks(
  rehearsal: Rehearsal,
  surroundings: Surroundings,
  { destination: kind, edition = "enterprise" }: Partial<RehearseOptions>,
): Rehearsed {
  const { qdispatch, destination, migration } = surroundings;
  const { stateFolder } = migration;
  return {
    ...rehearsal,
    surroundings,
    ledger: ledgerClient(String(processesOf(surroundings)["ledger"]?.http)),
    compare: () =>
      kind === "dynamics"
        ? compareTables(qdispatch, destination, edition)
        : compare(qdispatch, destination),
    log: (stage) => logOf(stateFolder, stage),
    async close() {
      await rehearsal.close();
      // A rehearsal that threw leaves its folder, with the logs, for whoever looks into it.
      rmSync(surroundings.migration.folder, { recursive: true, force: true });
    },
  };
}

/** Node processes that took more memory than they may: 256 MB, the ledger with its engine 600 MB. */
export function tooLarge({ report }: Rehearsal): string[] {
  return Object.entries(report.figures.peakRss)
    .map(([name, bytes]) => ({ name, mb: Math.round(bytes / 2 ** 20) }))
    .filter(({ name, mb }) => mb > (name === "ledger" ? 600 : 256))
    .map(({ name, mb }) => `${name}: ${mb} MB`);
}

/** The process a stage runs in now. */
export function pidOf(surroundings: Surroundings, stage: string): number {
  return Number(processesOf(surroundings)[stage]?.pid);
}

function processesOf({ migration }: Surroundings): Record<string, { http?: string; pid?: number }> {
  return JSON.parse(readFileSync(join(migration.stateFolder, "processes.json"), "utf8"));
}

function logOf(stateFolder: string, stage: string): Record<string, unknown>[] {
  const file = join(stateFolder, "logs", `${stage}.log`);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Waits until the ledger answers the statement with at least one row. */
export async function seen(ledger: LedgerClient, sql: string): Promise<void> {
  await until(async () => (await ledger.query(sql)).length > 0, {
    what: `the ledger to answer ${sql}`,
    timeoutMs: 60_000,
  });
}

/** Changes a value of `migration.yaml` before anything reads it. */
export function setInMigration(
  { migration }: Surroundings,
  path: readonly string[],
  value: unknown,
): void {
  const file = join(migration.folder, "migration.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  document.setIn([...path], value);
  writeFileSync(file, document.toString());
}

/** One change by hand at the source. */
export function change(
  { qdispatch }: Surroundings,
  entity: string,
  id: string,
  what: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return qdispatch.call("POST", "change", { entity, id, ...what });
}
