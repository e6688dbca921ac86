import type { Log } from "../../pipeline/stage/log.ts";
import type { Sink } from "../sink.ts";
import { abortJob, jobResults, jobState, openJob, openJobs, uploadJob } from "./bulk.ts";
import { canonical } from "./canonical.ts";
import { type ClientOptions, openClient } from "./client.ts";
import { sendComposite } from "./composite.ts";
import { allowance, describe, users } from "./facts.ts";
import { settleGone } from "./gone.ts";
import { ask, observe, preimages } from "./observe.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { nullCell } from "./values.ts";

/** Opens one org as one integration user. Throws SINK_AUTH_REFUSED, CONFIG_INVALID, SINK_UNAVAILABLE. */
export async function openSalesforceSink(
  options: ClientOptions & { readonly log: Log },
): Promise<Sink> {
  const client = await openClient(options);
  options.log.info({ event: "sink_opened", apiVersion: options.apiVersion });
  const transfer = oneAtATime();
  return {
    limits: { bulkRows: 10_000, smallRows: 1000, timeoutMs: options.timeoutMs },
    describe: (object) => describe(client, object),
    users: (emails) => users(client, emails),
    allowance: () => allowance(client),
    openJob: (group) => openJob(client, group),
    uploadJob: (jobId, group) => transfer(() => uploadJob(client, jobId, group)),
    jobState: (jobId) => jobState(client, jobId),
    jobResults: async (jobId, group) =>
      settleGone(client, [group], await transfer(() => jobResults(client, jobId, group))),
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
