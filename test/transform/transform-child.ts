import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { planHash } from "../../pipeline/mapping/plan-hash.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { runTransformer } from "../../pipeline/transform/transformer.ts";

/** A transformer in a process of its own, so that a test can have it killed. */
const [brokers = "", registry = "", blobFolder = "", migration = "", folder = ""] =
  process.argv.slice(2);
const hash = planHash(folder);
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());
await runTransformer({
  stage: { log: openLog("transform"), metrics: openMetrics(), stopping: stopping.signal },
  connection: { brokers, registry, blobFolder, clientId: `transform-${process.pid}` },
  migration,
  run: 1,
  instance: 0,
  compiled: compilePlan({
    folder,
    settings: { audit_fields: true },
    destination: "salesforce",
    hash,
  }),
  planHash: hash,
});
process.exit(0);
