import { mkdtempSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { type Hooks, rehearse } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { type Benched, benchedOf } from "./benched.ts";
import { machine } from "./machine.ts";
import { setInMigration } from "./set-in-migration.ts";

/** Calls a day before licences add to them: an Enterprise org (Salesforce limits cheatsheet), application users of a tenant (Power Platform request limits). */
const baseAllowances = { salesforce: 100_000, dynamics: 500_000 };
const day = 86_400;

/** From a source commit to its outcome, and what it costs in calls, at each of several rates of change. */
export async function bench(args: Record<string, string>): Promise<object> {
  const before = machine();
  const benched = benchedOf(args);
  const { kind: destination, edition } = benched;
  const rates = (args["rates"] ?? args["rate"] ?? "1,10,50").split(",").map(Number);
  const seconds = Number(args["seconds"] ?? 60);
  const measured: object[] = [];
  const live: NonNullable<Hooks["live"]> = async ({ surroundings, ledger }) => {
    await readBack(benched, surroundings);
    for (const rate of rates)
      measured.push(await atRate(benched, surroundings, ledger, rate, seconds));
  };
  // A minute wants its changes read back at once; a day of it has the default.
  const prepared: NonNullable<Hooks["prepared"]> = async ({ migration }) =>
    setInMigration(migration.folder, { observer: { interval_ms: 30_000 } });
  const { close } = await rehearse(
    {
      destination,
      ...(edition === undefined ? {} : { edition }),
      size: Number(args["size"] ?? 500),
      seed: Number(args["seed"] ?? 1),
      rate: 0,
      seconds: 0,
      corpus: undefined,
      truth: undefined,
      limits: true,
      folder: mkdtempSync(join(tmpdir(), "cutover-bench-")),
      ...stackIn(args),
      progress: (line) => process.stderr.write(`${line}\n`),
    },
    { live, prepared },
  );
  await close();
  return { machine: before, baseAllowance: baseAllowances[destination], rates: measured };
}

function stackIn({ brokers, registry }: Record<string, string>) {
  return brokers === undefined || registry === undefined ? {} : { stack: { brokers, registry } };
}

/** What the load has left to be read back, its files above all, is no cost of a change. */
async function readBack(benched: Benched, { destination }: Surroundings): Promise<void> {
  for (let quiet = 0; quiet < 4; ) {
    const before = total(await benched.calls(destination));
    await sleep(10_000);
    const calls = total(await benched.calls(destination)) - before;
    quiet = calls <= 20 ? quiet + 1 : 0;
  }
}

function total(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((sum, n) => sum + n, 0);
}

async function atRate(
  benched: Benched,
  { qdispatch, destination }: Surroundings,
  ledger: LedgerClient,
  rate: number,
  seconds: number,
): Promise<object> {
  const counted = await benched.calls(destination);
  const begun = Date.now();
  const before = await qdispatch.call<{ applied: number }>("POST", "dispatcher", { rate });
  await sleep(seconds * 1000);
  const after = await qdispatch.call<{ applied: number }>("POST", "dispatcher", { rate: 0 });
  const elapsed = (Date.now() - begun) / 1000;
  const now = await benched.calls(destination);
  const kinds = Object.entries(now)
    .map(([name, n]) => [name, n - (counted[name] ?? 0)] as const)
    .filter(([, n]) => n > 0);
  const calls = kinds.reduce((sum, [, n]) => sum + n, 0);
  const callsADay = Math.round((calls / elapsed) * day);
  // What is still on its way has not been seen by the ledger: the next rate begins when it has.
  await sleep(5000);
  const [lag] = await ledger.query<{ n: number; p50: number; p95: number; p99: number }>(
    `SELECT count() AS n, quantile(0.5)(s) AS p50, quantile(0.95)(s) AS p95, quantile(0.99)(s) AS p99 FROM
       (SELECT DISTINCT topic, partition, offset, dateDiff('millisecond', committed_at, ended_at) / 1000 AS s
        FROM outcome WHERE committed_at > fromUnixTimestamp64Milli(${begun}))`,
  );
  return {
    rate,
    seconds: elapsed,
    changes: after.applied - before.applied,
    secondsToOutcome: lag,
    calls,
    callsByKind: Object.fromEntries(kinds),
    callsADay,
    shareOfBaseAllowance: Number((callsADay / baseAllowances[benched.kind]).toFixed(3)),
  };
}
