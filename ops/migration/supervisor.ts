import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CutoverError, type ErrorCode } from "../../pipeline/core/errors.ts";
import { type Child, lastError, startChild } from "./child.ts";
import type { Migration } from "./migration-file.ts";

/** The stages of a migration, each a process of its own. */
export const stageNames = ["ledger", "poller", "transform", "loader", "observer"] as const;

/** One stage's name. */
export type StageName = (typeof stageNames)[number];

/**
 * Exit codes after which a restart would only fail again, or do harm: configuration, gates, ceiling,
 * fenced, an answer nobody foresaw, records that are gone before they were read.
 */
const final: ReadonlyMap<number | string, ErrorCode> = new Map<number | string, ErrorCode>([
  [2, "CONFIG_INVALID"],
  [3, "PLAN_NOT_CONFIRMED"],
  [4, "REFUSAL_CEILING_REACHED"],
  [7, "FENCED"],
  [8, "SINK_SYSTEM_UNKNOWN"],
  [9, "OFFSET_OUT_OF_RANGE"],
]);

/** Whether a stage that ended so stays down. */
export function staysDown(code: number | string): boolean {
  return final.has(code);
}

const heapMb: Record<StageName, number> = {
  ledger: 88,
  poller: 96,
  transform: 112,
  loader: 112,
  observer: 112,
};

/** Keeps the stages of one migration running. */
export interface Supervisor {
  start(stage: StageName, environment?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
  /** The first failure no restart mends, as an error; undefined while all is well. */
  failure(): CutoverError | undefined;
  restarts(): Readonly<Record<string, number>>;
  /** Peak resident bytes per stage over all its processes. */
  peakRss(): Readonly<Record<string, number>>;
  /** What each stage said when it was ready: pid, metrics port, addresses. */
  processes(): Readonly<Record<string, Record<string, unknown>>>;
}

/** A supervisor for a migration; children inherit `environment` (the secrets the files name). */
export function openSupervisor(
  migration: Migration,
  environment: Readonly<Record<string, string>>,
): Supervisor {
  return new LocalSupervisor(migration, environment);
}

class LocalSupervisor implements Supervisor {
  readonly #migration: Migration;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #children = new Map<StageName, Child>();
  readonly #ready = new Map<StageName, Record<string, unknown>>();
  readonly #restarts: Record<string, number> = {};
  readonly #peaks: Record<string, number> = {};
  #failure: CutoverError | undefined;
  #stopping = false;

  constructor(migration: Migration, environment: Readonly<Record<string, string>>) {
    this.#migration = migration;
    this.#environment = environment;
  }

  async start(stage: StageName, environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const logFile = join(this.#migration.stateFolder, "logs", `${stage}.log`);
    const child = startChild({
      name: stage,
      args: ["stage", stage, "--migration", this.#migration.folder],
      logFile,
      heapMb: heapMb[stage],
      environment: { ...this.#environment, ...environment },
    });
    this.#children.set(stage, child);
    void child.ended.then((code) => this.#ended(stage, child, code, logFile, environment));
    this.#ready.set(stage, { ...(await child.ready), pid: child.process.pid });
    this.#note();
  }

  #ended(
    stage: StageName,
    child: Child,
    code: number | string,
    logFile: string,
    environment: Readonly<Record<string, string>>,
  ): void {
    this.#peaks[stage] = Math.max(this.#peaks[stage] ?? 0, child.peakRss());
    if (this.#stopping) return;
    const restarts = (this.#restarts[stage] ?? 0) + 1;
    this.#restarts[stage] = restarts;
    if (staysDown(code) || restarts > 20) {
      this.#failure ??= new CutoverError(
        final.get(code) ?? "SINK_SYSTEM_UNKNOWN",
        `${stage} ended (${code}): ${lastError(logFile)}`,
      );
      return;
    }
    // Each process meets its own faults, parted by semicolons; without one a test's kill happens once.
    const [, ...later] = (environment["CUTOVER_FAULT"] ?? "").split(";");
    setTimeout(
      () => {
        if (!this.#stopping)
          this.start(stage, { ...environment, CUTOVER_FAULT: later.join(";") }).catch(() => {});
      },
      Math.min(200 * restarts, 5000),
    );
  }

  /** Lets other commands find the running stages. */
  #note(): void {
    mkdirSync(this.#migration.stateFolder, { recursive: true });
    writeFileSync(
      join(this.#migration.stateFolder, "processes.json"),
      JSON.stringify(this.processes(), null, 2),
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // The ledger last: it consumes what the others still commit.
    const others = [...this.#children].filter(([stage]) => stage !== "ledger");
    await Promise.all(others.map(([, child]) => child.stop()));
    await this.#children.get("ledger")?.stop();
  }

  failure(): CutoverError | undefined {
    return this.#failure;
  }

  restarts(): Readonly<Record<string, number>> {
    return this.#restarts;
  }

  peakRss(): Readonly<Record<string, number>> {
    const peaks = { ...this.#peaks };
    for (const [stage, child] of this.#children) {
      peaks[stage] = Math.max(peaks[stage] ?? 0, child.peakRss());
    }
    return peaks;
  }

  processes(): Readonly<Record<string, Record<string, unknown>>> {
    return Object.fromEntries(this.#ready);
  }
}
