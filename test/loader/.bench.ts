import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { applyTopics, deleteTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { openControlWriter } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import {
  groupPositions,
  highWatermarks,
  closeWatermarks,
} from "../../pipeline/kafka/watermarks.ts";
import { loadSchema } from "../../pipeline/mapping/load-schema.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { runLoader } from "../../sinks/loader/loader.ts";
import { resultKey, type Sink } from "../../sinks/sink.ts";
import { allTopics, loadTopic } from "../../topics/index.ts";
import { threeObjects } from "./three-objects.ts";
import { canonical } from "../../sinks/salesforce/canonical.ts";
import { uploadOf } from "../../sinks/salesforce/bulk.ts";

const N = Number(process.argv[2] ?? 60000);
const mode = process.argv[3];
const migration = process.argv[4] as string;
const connection = {
  brokers: "127.0.0.1:19092",
  registry: "http://127.0.0.1:18081/apis/ccompat/v7",
  blobFolder: mkdtempSync("/tmp/b-"),
  clientId: migration,
};
const objects = threeObjects.objects.map((o) => o.object);
const schemas = new Map(
  threeObjects.objects.map((p) => [loadTopic(migration, p.object).name, loadSchema(p.object, [p])]),
);
if (mode === "seed")
  await applyTopics(connection, allTopics(migration, objects), { partitions: 3, schemas });
const codecs = openCodecs(connection);
const log = openLog("bench"),
  metrics = openMetrics();
const stop = new AbortController();
const stage = { log, metrics, stopping: stop.signal };
const producer = await openTransactionalProducer(connection, {
  transactionalId: `${migration}.t`,
  stage,
});
const topic = loadTopic(migration, "Case");
const encode = await codecs.encoder(topic, schemas.get(topic.name) as object);
const atopic = loadTopic(migration, "Account");
const aencode = await codecs.encoder(atopic, schemas.get(atopic.name) as object);
const rec = (object: string, key: string, n: number, fields: any) => ({
  key,
  source_id: key,
  entity: "job",
  version: { run: 1, topic: "s", partition: 0, offset: n },
  plan: "p",
  revision: 0,
  operation: "upsert" as const,
  delete_reason: null,
  repair: false,
  order: null,
  hash: createHash("sha256").update(key).digest("hex").slice(0, 32),
  committed_at: Date.now(),
  fields,
});
if (mode === "seed") {
  await producer.transaction((tx) => {
    for (let n = 0; n < 1000; n++)
      tx.send(
        atopic.name,
        `customer-${n}`,
        aencode(
          rec("Account", `customer-${n}`, n, {
            Source_Key__c: `customer-${n}`,
            Name: "n",
            Phone: null,
          }) as any,
        ),
      );
  });
  for (let at = 0; at < N; at += 5000)
    await producer.transaction((tx) => {
      for (let n = at; n < at + 5000; n++) {
        const k = `job-${n}`;
        tx.send(
          topic.name,
          k,
          encode(
            rec("Case", k, n, {
              Source_Key__c: k,
              AccountId: `customer-${n % 1000}`,
              ParentId: null,
              OwnerId: null,
              Subject: `Subject ${n} of some length`,
              Description: "x".repeat(400),
              Total__c: "12.50",
              CreatedDate: 1600000000000,
            }) as any,
          ),
        );
      }
    });
  const control = await openControlWriter(connection, migration);
  await control.say("plan", "plan", { hash: threeObjects.hash }, "t");
  await control.say("gate", "approve", { plan: threeObjects.hash, passed: true }, "t");
  await control.say("owners", "owners", { revision: 1, owners: {}, fallback: null }, "t");
  await control.say("wave", "load", { objects }, "t");
  await producer.close();
  await control.close();
  await closeWatermarks();
  process.exit(0);
}
let id = 0;
const jobs = new Map<string, any>();
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
const made = (g: any) =>
  new Map(
    g.rows.map((r: any) => [
      resultKey(g.plan.object, r.key),
      {
        kind: g.operation === "insert" ? "created" : "updated",
        destinationId: r.destinationId ?? `id${++id}`,
      },
    ]),
  );
const world = process.env["REAL"]
  ? await (await import("../sinks/salesforce/simulated-org.ts")).simulatedOrg(
      (await import("./three-objects.ts")).threeObjectsSchema,
    )
  : undefined;
if (world)
  await world.admin("POST", "settings", { limits: {} }).catch((e) => console.log(e.message));
const sink = world
  ? await world.sink({ timeoutMs: 60000 })
  : ({
      limits: { bulkRows: 10000, smallRows: 1000, timeoutMs: 1000 },
      bulkable: () => true,
      canonical,
      allowance: async () => ({
        calls: { max: 1e9, remaining: 1e9 },
        batches: { max: 1e9, remaining: 1e9 },
      }),
      openJob: async () => `job${++id}`,
      uploadJob: async (j: string, g: any) => {
        uploadOf(g);
        jobs.set(j, made(g));
      },
      jobState: async (j: string) => ({
        id: j,
        state: "done",
        processed: 0,
        failed: 0,
        message: null,
      }),
      jobResults: async (j: string) => jobs.get(j),
      abortJob: async () => {},
      openJobs: async () => [],
      send: async (gs: any[]) => {
        await wait(100);
        return new Map(gs.flatMap((g) => [...made(g)]));
      },
      ask: async () => new Map(),
      preimages: async () => new Map(),
      async *observe() {},
      now: async () => Date.now(),
      close: async () => {},
      describe: async () => [],
      users: async () => [],
    } as unknown as Sink);
await producer.close();
const t0 = performance.now(),
  c0 = process.cpuUsage();
const done = runLoader({
  stage,
  connection,
  migration,
  run: 1,
  plan: threeObjects,
  sink,
  stateFolder: mkdtempSync("/tmp/lb-"),
  planHash: threeObjects.hash,
  settings: {
    bulkThreshold: 2000,
    flushMs: 500,
    lanes: 4,
    refusalCeiling: { share: 0.01, count: 100 },
    maxAttempts: 8,
    callShare: 0.8,
  },
});
let peak = 0;
for (;;) {
  await wait(200);
  {
    const m = process.memoryUsage();
    peak = Math.max(peak, m.rss);
    if (Math.random() < 0.25)
      console.log(
        Object.entries(m)
          .map(([k, v]) => k + "=" + Math.round(v / 1e6))
          .join(" "),
      );
  }
  const ends = await highWatermarks(connection, [topic.name]);
  const at = await groupPositions(connection, `${migration}.loader`, [topic.name]);
  if ((ends.get(topic.name) ?? []).every((e, i) => (at.get(topic.name)?.[i] ?? 0) >= e)) break;
}
const s = (performance.now() - t0) / 1000,
  cpu = process.cpuUsage(c0);
console.log({
  N,
  seconds: s,
  perSecond: Math.round(N / s),
  cpuUsPerRecord: Math.round((cpu.user + cpu.system) / N),
  peakRssMb: Math.round(peak / 1e6),
});
stop.abort();
await done;
await world?.close();
await closeWatermarks();
await deleteTopics(connection, migration);
process.exit(0);
