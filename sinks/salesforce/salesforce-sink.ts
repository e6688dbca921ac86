import type { Log } from "../../pipeline/stage/log.ts";
import type { Sink } from "../sink.ts";
import { abortJob, jobState, openJob, openJobs } from "./bulk.ts";
import { jobResults } from "./bulk-results.ts";
import { uploadJob } from "./bulk-upload.ts";
import { canonical } from "./canonical.ts";
import { type ClientOptions, openClient } from "./client.ts";
import { sendComposite } from "./composite.ts";
import { allowance, describe, users } from "./facts.ts";
import { settleGone } from "./gone.ts";
import { ask, observe, preimages } from "./observe.ts";
import { nullCell } from "./values.ts";

/** Opens one org as one integration user. Throws SINK_AUTH_REFUSED, CONFIG_INVALID, SINK_UNAVAILABLE. */
export async function openSalesforceSink(
  options: ClientOptions & {
    readonly log: Log;
    /** Uploads are written here before they leave. */
    readonly spoolFolder: string;
  },
): Promise<Sink> {
  const client = await openClient(options);
  options.log.info({ event: "sink_opened", apiVersion: options.apiVersion });
  /** Rows an ended job says it processed: its result files must name as many. */
  const processed = new Map<string, number>();
  return {
    limits: { bulkRows: 10_000, smallRows: 1000, timeoutMs: options.timeoutMs },
    describe: (object) => describe(client, object),
    users: (emails) => users(client, emails),
    allowance: () => allowance(client),
    openJob: (group) => openJob(client, group),
    uploadJob: (jobId, group) => uploadJob(client, jobId, group, options.spoolFolder),
    async jobState(jobId) {
      const job = await jobState(client, jobId);
      if (job.state === "done" || job.state === "failed") processed.set(jobId, job.processed);
      return job;
    },
    async jobResults(jobId, group) {
      const results = await jobResults(client, jobId, group, processed.get(jobId));
      processed.delete(jobId);
      return settleGone(client, [group], results);
    },
    abortJob: (jobId) => abortJob(client, jobId),
    openJobs: () => openJobs(client, client.userId),
    // In a cell these four characters mean null, and no escape says otherwise.
    bulkable: (row) => !Object.values(row.fields).some((value) => value === nullCell),
    send: async (groups) => settleGone(client, groups, await sendComposite(client, groups)),
    ask: (plan, keys) => ask(client, plan, keys),
    preimages: (plan, ids) => preimages(client, plan, ids),
    observe: (plan, since) => observe(client, plan, since),
    canonical,
    async now() {
      await client.call({ api: "versions", method: "GET", path: "/services/data" });
      return client.serverTime;
    },
    close: () => client.close(),
  };
}
