import { mkdtempSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "../../pipeline/core/generated/records.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { groupPositions, highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { compiledPlan } from "../../ops/migration/compiled.ts";
import { openRun } from "../../ops/migration/run-context.ts";
import { openSupervisor } from "../../ops/migration/supervisor.ts";
import { applyMigrationTopics } from "../../ops/migration/topics.ts";
import { connectionOf, type Migration } from "../../ops/migration/migration-file.ts";
import { writeFolder } from "../../ops/migration/rehearse/write-folder.ts";
import { stackUp } from "../../ops/stack/stack.ts";
import { sourceTopic } from "../../topics/index.ts";
import { aJob } from "../builders.ts";
import { cpuSeconds, machine } from "./machine.ts";

const seedBatch = 5000;

/** The whole transform loop as the product runs it, from committed source records to committed positions. */
export async function bench(args: Record<string, string>): Promise<object> {
  const jobs = Number(args["jobs"] ?? 1_000_000);
  const partitions = Number(args["partitions"] ?? 3);
  const before = machine();
  const stack = await stackUp({ ownedBy: process.pid });
  const migration = writeFolder({
    folder: mkdtempSync(join(tmpdir(), "cutover-bench-")),
    stack,
    destination: "salesforce",
    block: {
      kind: "salesforce",
      login_url: "http://127.0.0.1:9",
      client_id: "${SF_CLIENT_ID}",
      client_secret: "${SF_CLIENT_SECRET}",
      allow_loopback: true,
    },
    partitions,
    fallbackOwner: "nobody@bench.example",
  });
  await applyMigrationTopics(migration);
  await seed(migration, jobs);
  const supervisor = openSupervisor(migration, {});
  const { plan } = compiledPlan(migration);
  const run = await openRun({
    migration,
    plan,
    run: 1,
    failure: () => supervisor.failure(),
    saidBy: "bench",
    progress: () => {},
  });
  await run.writer.say("run", "run", { run: 1 }, "bench");
  await run.writer.say("plan", "plan", { hash: plan.hash }, "bench");
  await run.writer.say("gate", "approve", { plan: plan.hash, passed: true }, "bench");
  await supervisor.start("transform");
  const pid = Number(supervisor.processes()["transform"]?.["pid"]);
  const figures = await measure(migration, pid);
  const peak = supervisor.peakRss()["transform"] ?? 0;
  await run.close();
  await supervisor.stop();
  return {
    machine: before,
    jobs,
    partitions,
    ...figures,
    peakRssMb: Math.round(peak / 1024 / 1024),
  };
}

async function seed(migration: Migration, jobs: number): Promise<void> {
  const connection = connectionOf(migration, "bench");
  const topic = sourceTopic(migration.name, "job");
  const encode = await openCodecs(connection).encoder(topic);
  const stage = { log: openLog("bench"), metrics: openMetrics() };
  const producer = await openTransactionalProducer(connection, {
    transactionalId: `${migration.name}.seed`,
    stage,
  });
  for (let first = 0; first < jobs; first += seedBatch) {
    await producer.transaction((tx) => {
      for (let n = first; n < Math.min(jobs, first + seedBatch); n += 1) {
        tx.send(topic.name, String(n), encode(numberedJob(n)));
      }
    });
  }
  await producer.close();
}

/** Jobs that differ as real ones do: equal ones would compress to nothing. */
function numberedJob(n: number): Job {
  const words = Array.from({ length: 12 }, (_, i) =>
    ((n * 2654435761 * (i + 1)) % 4294967291).toString(36),
  );
  return aJob({
    id: String(n),
    number: `J-${n}`,
    customer_id: String(n % 5000),
    description: words.join(" "),
    customer_po: `PO-${(n * 7919) % 100003}`,
    total: { amount: ((n % 100_000) / 100).toFixed(2), currency: "USD" },
  });
}

/** Timed from outside: from the first committed position seen to the end of the topic. */
async function measure(migration: Migration, pid: number) {
  const connection = connectionOf(migration, "bench");
  const topic = sourceTopic(migration.name, "job").name;
  const sum = (places: ReadonlyMap<string, readonly number[]>): number =>
    (places.get(topic) ?? []).reduce((total, each) => total + each, 0);
  const end = sum(await highWatermarks(connection, [topic]));
  const position = async (): Promise<number> =>
    sum(await groupPositions(connection, `${migration.name}.transform.r1`, [topic]));
  let first = 0;
  while (first === 0) {
    first = await position();
    await sleep(50);
  }
  const started = { at: performance.now(), cpu: cpuSeconds(pid) };
  while ((await position()) < end) await sleep(100);
  const seconds = (performance.now() - started.at) / 1000;
  const cpu = cpuSeconds(pid) - started.cpu;
  const records = end - first;
  return {
    records,
    seconds: Number(seconds.toFixed(2)),
    recordsPerSecond: Math.round(records / seconds),
    cpuMicrosecondsPerRecord: Number(((cpu * 1e6) / records).toFixed(2)),
  };
}
