import { afterEach, expect, test } from "vitest";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import { until } from "../../ops/migration/until.ts";
import { pidOf, rehearsed, type Rehearsed, setInMigration, tooLarge } from "../e2e/rehearsed.ts";
import { endured, expectWhole } from "./fault-plans.ts";
import { salesforceUnderFaults as salesforce } from "./salesforce-faults.ts";

/** Versions that ended more or less than once: the question of the acceptance. */
const doubles = `SELECT object, key, run, source_topic, source_partition, source_offset, count() AS outcomes
  FROM (SELECT * FROM outcome FINAL)
  GROUP BY object, key, run, source_topic, source_partition, source_offset HAVING count() != 1`;

/** One kill a process; every process but the first has committed before, and so has each at its n-th passing. */
const faults = {
  poller: ["poller.produced:kill@20", "poller.produced:kill@5", "poller.committed:kill@10"],
  transform: ["transform.produced:kill@5", "transform.offsets_sent:kill@5"],
  loader: [
    "loader.settling:kill@3",
    "loader.job_created:kill@2",
    "loader.sent:kill@2",
    "loader.settling:kill@2",
  ],
} as const;
const stages = ["poller", "transform", "loader"] as const;

/** A successor waits out what its predecessor may still have on the wire: bounded, so that the test is. */
const prepared: Hooks["prepared"] = async (surroundings) => {
  setInMigration(surroundings, ["destination", "timeout_seconds"], 10);
};

/** Dispatchers at work, and each stage killed from outside while it has work. */
const killed: string[] = [];
const live: Hooks["live"] = async ({ surroundings, ledger }) => {
  const outcomes = async (): Promise<number> =>
    (await ledger.query<{ n: number }>("SELECT toFloat64(count()) AS n FROM outcome"))[0]?.n ?? 0;
  for (const stage of stages) {
    const before = await outcomes();
    await surroundings.qdispatch.call("POST", "tick", { changes: 400 });
    await until(async () => (await outcomes()) > before, {
      what: `outcomes of the changes before ${stage} is killed`,
      timeoutMs: 60_000,
    });
    const pid = pidOf(surroundings, stage);
    process.kill(pid, "SIGKILL");
    killed.push(`${stage} ${pid}: SIGKILL after ${await outcomes()} outcomes`);
  }
};

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test("20,000 records under every fault plan at once and through twelve kills, five of them of the loader, arrive once each", async () => {
  const environment = Object.fromEntries(
    stages.map((stage) => [stage, { CUTOVER_FAULT: faults[stage].join(";") }]),
  );
  const all = Object.values(salesforce.plans);
  ({ run } = await endured(salesforce, all, { size: 560 }, { environment, live }));
  const hits = stages.flatMap((stage) => hitsOf(run as Rehearsed, stage));
  process.stdout.write(`kills:\n  ${[...hits, ...killed].join("\n  ")}\n`);
  expect(hits.map((hit) => hit.replace(/^\S+ \S+ /, "").replace(" after ", ":kill@"))).toEqual(
    stages.flatMap((stage) => faults[stage]),
  );
  expect(killed).toHaveLength(stages.length);
  expect(await run.ledger.query(doubles)).toEqual([]);
  const { differences, rows } = await run.compare();
  if (differences.length > 0) await tellOf(run, differences);
  expect(differences).toEqual([]);
  expect(Object.values(rows).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
  await expectWhole(salesforce, run);
  expect(tooLarge(run)).toEqual([]);
}, 900_000);

test("without transactions the same question finds doubles", async () => {
  const environment = {
    loader: { CUTOVER_UNSAFE_NO_TRANSACTIONS: "1", CUTOVER_FAULT: "loader.outcome_sent:kill@150" },
  };
  run = await rehearsed({ size: 30 }, { environment, prepared });
  expect(hitsOf(run, "loader")).toHaveLength(1);
  expect((await run.ledger.query(doubles)).length).toBeGreaterThan(0);
}, 240_000);

/** What the ledger knows of records that differ, so that a failure tells its cause. */
async function tellOf({ ledger }: Rehearsed, differences: readonly string[]): Promise<void> {
  const keys = differences.map((each) => `'${each.split(" ")[1]?.replace(/:$/, "") ?? ""}'`);
  for (const table of ["record_state", "outcome", "parked_newest"]) {
    const rows = await ledger.query(`SELECT * FROM ${table} WHERE key IN (${keys.join(", ")})`);
    process.stdout.write(`${table}: ${JSON.stringify(rows)}\n`);
  }
}

/** Where the failpoints of a stage hit, as its processes noted themselves. */
function hitsOf(of: Rehearsed, stage: string): string[] {
  return of
    .log(stage)
    .filter((line) => line["event"] === "failpoint_hit")
    .map(
      ({ pid, name, count }) => `${stage} ${String(pid)} ${String(name)} after ${String(count)}`,
    );
}
