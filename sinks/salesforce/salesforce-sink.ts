import type { Log } from "../../pipeline/stage/log.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { AskedRow, BulkJobs, JobState, Sink, SinkRow } from "../sink.ts";
import { abortJob, jobState, openJob, openJobs } from "./bulk.ts";
import { jobResults } from "./bulk-results.ts";
import { isSayable } from "./bulk-rows.ts";
import { uploadJob } from "./bulk-upload.ts";
import { canonical } from "../canonical.ts";
import { always } from "../may-leave.ts";
import { changes, mostReads } from "./changes.ts";
import { openClient } from "./client.ts";
import { allowance, describe, users } from "./facts.ts";
import { settleGone } from "./gone.ts";
import { FileDigests } from "./file-digests.ts";
import { askFiles } from "./file-versions.ts";
import { FileSender } from "./files.ts";
import { fixedFields } from "./fixed-fields.ts";
import { isKeyless } from "../object-plans.ts";
import { askKeyless } from "./keyless.ts";
import { leavingClient } from "./leaving-client.ts";
import { observe, rowsById, rowsByKey } from "./observe.ts";
import type { ClientOptions, SalesforceClient } from "./salesforce-client.ts";
import { isFiles, sendGroups } from "./send.ts";
import { TeamRoles } from "./team-roles.ts";
import { Turn } from "../turn.ts";
import { unsendable } from "./unsendable.ts";

/** A destination whose mass of rows goes by bulk jobs. */
export type SalesforceSink = Sink & { readonly jobs: BulkJobs };

/** Opens one org as one integration user. Throws SINK_AUTH_REFUSED, CONFIG_INVALID, SINK_UNAVAILABLE. */
export async function openSalesforceSink(
  options: ClientOptions & {
    readonly log: Log;
    /** Uploads are written here before they leave. */
    readonly spoolFolder: string;
    /** Files to be written stand here, by their SHA-256. */
    readonly blobFolder: string;
    /** Whether duplicate rules that alert let our rows through (default); those that block never do. */
    readonly saveDuplicates?: boolean;
    /** Where the digests of files read back are remembered; absent: as long as the process lives. */
    readonly digestFile?: string;
  },
): Promise<SalesforceSink> {
  const client = await openClient(options);
  options.log.info({ event: "sink_opened", apiVersion: options.apiVersion });
  const headers = writeHeaders(options.saveDuplicates ?? true);
  const roles = new TeamRoles(client);
  const digests = new FileDigests(client, options.digestFile);
  /** Rows an ended job says it processed: its result files must name as many. */
  const ended = new Map<string, JobState>();
  const spooling = { folder: options.spoolFolder, turn: new Turn<string>() };
  return {
    userId: client.userId,
    limits: {
      ...{ bulkRows: 10_000, smallRows: 1000, parallel: 2, changes: mostReads },
      timeoutMs: options.timeoutMs,
    },
    describe: (object) => describe(client, object),
    users: (emails) => users(client, emails),
    allowance: () => allowance(client),
    jobs: {
      openJob: (group) => openJob(client, group),
      uploadJob: (jobId, group) => uploadJob(client, jobId, group, spooling),
      async jobState(jobId) {
        const job = await jobState(client, jobId);
        if (job.state === "done" || job.state === "failed") ended.set(jobId, job);
        return job;
      },
      async jobResults(jobId, group) {
        const results = await jobResults(client, jobId, group, ended.get(jobId));
        ended.delete(jobId);
        return settleGone(client, [group], results);
      },
      abortJob: (jobId) => abortJob(client, jobId),
      openJobs: () => openJobs(client, client.userId),
    },
    bulkable,
    async send(groups, mayLeave = always) {
      const own = leavingClient(client, mayLeave);
      const files = new FileSender(own, headers, options.blobFolder);
      const results = await sendGroups({ client: own, headers, files, roles }, groups);
      return settleGone(client, groups, results);
    },
    ask(plan, rows, claimed) {
      if (isKeyless(plan)) return askKeyless(client, plan, rows, claimed);
      if (isFiles({ plan })) return askFiles(client, plan, rows, options.blobFolder);
      return askByKey(client, plan, rows);
    },
    read: (plan, rows) =>
      "keys" in rows
        ? rowsByKey(client, plan, rows.keys, digests)
        : rowsById(client, plan, rows.ids, digests),
    async preimages(plan, ids) {
      const found = await rowsById(client, plan, ids);
      return new Map(found.map((row) => [row.destinationId, row] as const));
    },
    observe: (plan) => observe(client, plan, digests),
    changes: (reads) => changes(client, reads, digests),
    canonical,
    async now() {
      await client.call({ api: "versions", method: "GET", path: "/services/data" });
      return client.serverTime;
    },
    async close() {
      digests.close();
      await client.close();
    },
  };
}

/** Owners are ours to set, so assignment rules stay off (REST guide, "Headers"). */
function writeHeaders(saveDuplicates: boolean): Readonly<Record<string, string>> {
  const assignment = { "Sforce-Auto-Assign": "FALSE" };
  if (!saveDuplicates) return assignment;
  return { ...assignment, "Sforce-Duplicate-Rule-Header": "allowSave=true" };
}

/**
 * Bulk carries what one line of a file can say: no bytes, no change of a row without a key, which may
 * take several rows, and nothing a line cannot say.
 */
const bulkable: Sink["bulkable"] = (plan, operation, { fields, rows = [], moreIds = [] }) => {
  if (isFiles({ plan }) || plan.identity === "user") return false;
  const rowByRow = isKeyless(plan) || fixedFields(plan).length > 0;
  if (rowByRow && operation === "update") return false;
  if (operation === "delete") return moreIds.length === 0;
  const parts = rows.length === 0 ? [fields] : rows.map((own) => ({ ...fields, ...own }));
  return parts.every((part) => isSayable(part) && unsendable(plan, part) === undefined);
};

async function askByKey(
  client: SalesforceClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, AskedRow>> {
  const keys = rows.map(({ key }) => key);
  const found = await rowsByKey(client, plan, keys);
  return new Map(
    found.map((row) => [row.key as string, { ...row, moreIds: [], whole: null }] as const),
  );
}
