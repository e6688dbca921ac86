import { setTimeout as sleep } from "node:timers/promises";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../pipeline/stage/secret.ts";
import { openSalesforceSink } from "../../../sinks/salesforce/salesforce-sink.ts";
import type { SinkRow } from "../../../sinks/sink.ts";
import { threeObjects } from "../../loader/three-objects.ts";

/** One big job in a process of its own, so that its memory can be weighed; prints what it took. */
const facts = JSON.parse(process.argv[2] as string) as {
  loginUrl: string;
  clientId: string;
  clientSecret: string;
  folder: string;
  rows: number;
  characters: number;
};
const metrics = openMetrics();
const sink = await openSalesforceSink({
  ...facts,
  clientSecret: new Secret(facts.clientSecret),
  apiVersion: "62.0",
  allowLoopback: true,
  timeoutMs: 60_000,
  spoolFolder: facts.folder,
  blobFolder: facts.folder,
  metrics,
  log: openLog("sink", "warn"),
});
const plan = threeObjects.objects.find(({ object }) => object === "Case");
if (plan === undefined) throw new Error("There is no Case.");

/** A row whose fields are made when they are asked for, as the loader's are. */
const rows = Array.from(
  { length: facts.rows },
  (_, n): SinkRow => ({
    key: `job-${n}`,
    destinationId: null,
    moreIds: [],
    get fields() {
      return { Subject: `Case ${n}`, Description: `${n} `.padEnd(facts.characters, "text, ") };
    },
  }),
);
let peak = 0;
/** What is in use; what only waits to be collected says more of the machine's pace than of ours. */
const weigh = (): void => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  peak = Math.max(peak, heapUsed + arrayBuffers);
};
const timer = setInterval(weigh, 20);
weigh();
const before = peak;
const group = { plan, operation: "insert", rows } as const;
const jobId = await sink.jobs.openJob(group);
await sink.jobs.uploadJob(jobId, group);
while ((await sink.jobs.jobState(jobId)).state !== "done") await sleep(100);
const results = await sink.jobs.jobResults(jobId, group);
weigh();
clearInterval(timer);
const created = [...results.values()].filter(({ kind }) => kind === "created").length;
process.stdout.write(`${JSON.stringify({ created, grownBytes: peak - before })}\n`);
await sink.close();
