import { type Call, ok, param, type Reply, type Route } from "../rest/call.ts";
import { takeFault } from "../fault-kinds.ts";
import type { Org } from "../org.ts";
import { queryBody } from "./create-job.ts";
import { change, type IngestParts } from "./ingest-run.ts";
import { resultUrl } from "./ingest-routes.ts";
import { jobList, locatorOf, placeOf } from "./job-list.ts";
import type { Job, JobState } from "./job.ts";
import { bulkError, queryReply } from "./job-reply.ts";
import { answerLines, headerOf, prepareBulk, runQueryJob } from "./query-run.ts";

const abortable: readonly JobState[] = ["UploadComplete", "InProgress"];
const removable: readonly JobState[] = ["UploadComplete", "JobComplete", "Aborted", "Failed"];

/** Bulk API 2.0 query. */
export function bulkQueryRoutes(parts: IngestParts): readonly Route[] {
  const { org, jobs } = parts;
  const jobOf = (call: Call): Job => jobs.get(param(call, "id"), "query");
  const path = "/jobs/query/:id";
  return [
    { method: "POST", path: "/jobs/query", handle: (call) => create(parts, call) },
    {
      method: "GET",
      path: "/jobs/query",
      handle: (call) => jobList(call, jobs, "query", (job) => queryReply(job, true)),
    },
    { method: "GET", path, handle: (call) => ok(queryReply(jobOf(call), true)) },
    {
      method: "PATCH",
      path,
      handle(call) {
        const job = jobOf(call);
        if (!abortable.includes(job.state)) throw invalidState(job);
        return ok(queryReply(change(org, jobs, job, "Aborted"), false));
      },
    },
    {
      method: "DELETE",
      path,
      handle(call) {
        const job = jobOf(call);
        if (!removable.includes(job.state)) throw invalidState(job);
        jobs.remove(job);
        return { status: 204 };
      },
    },
    { method: "GET", path: `${path}/results`, handle: (call) => page(parts, call, jobOf(call)) },
    {
      method: "GET",
      path: `${path}/resultPages`,
      handle: (call) => pages(parts, call, jobOf(call)),
    },
  ];
}

function create(parts: IngestParts, call: Call): Reply {
  const { org, jobs, lanes } = parts;
  const body = queryBody(call);
  const { object } = prepareBulk(org, body.query, body.operation === "queryAll");
  const { limits } = org.settings.current();
  if (limits.enforced && org.usage.lastDay("query_jobs") >= limits.DailyBulkV2QueryJobs) {
    throw bulkError("EXCEEDEDQUOTA", "The daily limit of bulk query jobs is used up");
  }
  if (
    limits.enforced &&
    org.usage.lastDay("query_bytes") > limits.DailyBulkV2QueryFileStorageMB * 1e6
  ) {
    throw bulkError("EXCEEDEDQUOTA", "The daily storage of bulk query results is used up");
  }
  org.usage.add("query_jobs");
  const job = jobs.create("query", "UploadComplete", { ...body, object: object.name });
  lanes.start(() => runQueryJob(parts, job.id));
  return ok(queryReply(job, false));
}

/** One page: its header row, rows, and the locator of the next page or the word `null`. */
function page({ org }: IngestParts, call: Call, job: Job): Reply {
  if (job.state !== "JobComplete") throw invalidState(job);
  const locator = call.query.get("locator");
  const from = locator === null ? 0 : placeOf(locator);
  const most = pageRows(org);
  const asked = Number(call.query.get("maxRecords") ?? most);
  const total = job.body.rows ?? 0;
  const to = Math.min(total, from + Math.min(Math.max(asked, 1), most));
  const lines = (function* () {
    yield headerOf(org, job);
    yield* answerLines(org, job, from, to);
  })();
  const headers = {
    "sforce-numberofrecords": String(to - from),
    "sforce-locator": to < total ? locatorOf(to) : "null",
  };
  return { status: 200, lines, contentType: "text/csv", headers };
}

function pages({ org }: IngestParts, call: Call, job: Job): Reply {
  if (job.state !== "JobComplete") throw invalidState(job);
  const size = pageRows(org);
  const count = Math.max(1, Math.ceil((job.body.rows ?? 0) / size));
  const resultPages = Array.from({ length: count }, (_none, at) => ({
    resultUrl: resultUrl(call, job.id, locatorOf(at * size)),
  }));
  return ok({ resultPages, nextRecordsUrl: null, done: true });
}

function pageRows(org: Org): number {
  const most = org.settings.current().resultPageRows;
  return Math.min(most, takeFault(org, "small_pages", "bulk query")?.rows ?? most);
}

function invalidState(job: Job): Error {
  return bulkError("INVALIDJOBSTATE", `This cannot be done with a job in state ${job.state}`);
}
