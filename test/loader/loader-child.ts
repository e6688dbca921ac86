import { readFileSync } from "node:fs";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { Secret } from "../../pipeline/stage/secret.ts";
import { runLoader } from "../../sinks/loader/loader.ts";
import { openSalesforceSink } from "../../sinks/salesforce/salesforce-sink.ts";
import type { Sink } from "../../sinks/sink.ts";

/** A loader in a process of its own, so that a test can have it killed. */
const facts = JSON.parse(readFileSync(process.argv[2] as string, "utf8"));
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());
const stage = { log: openLog("loader"), metrics: openMetrics(), stopping: stopping.signal };
const sink = facts.destination === "dynamics" ? await dynamics() : await salesforce();
await runLoader({
  stage,
  connection: facts.connection,
  migration: facts.migration,
  run: 1,
  plan: facts.plan,
  sink: facts.blind ? { ...sink, ask: async () => new Map() } : sink,
  stateFolder: facts.stateFolder,
  planHash: facts.plan.hash,
  settings: facts.settings,
  leaveWithinMs: facts.leaveWithinMs,
});
process.exit(0);

function salesforce(): Promise<Sink> {
  return openSalesforceSink({
    ...facts,
    clientSecret: new Secret(facts.clientSecret),
    apiVersion: "62.0",
    allowLoopback: true,
    spoolFolder: facts.stateFolder,
    blobFolder: facts.blobFolder,
    metrics: stage.metrics,
    log: stage.log,
  });
}

async function dynamics(): Promise<Sink> {
  const { openDynamicsSink } = await import("../../sinks/dynamics/dynamics-sink.ts");
  const { clientId, clientSecret } = facts;
  return openDynamicsSink({
    ...facts,
    users: [{ clientId, clientSecret: new Secret(clientSecret) }],
    allowLoopback: true,
    metrics: stage.metrics,
    log: stage.log,
  });
}
