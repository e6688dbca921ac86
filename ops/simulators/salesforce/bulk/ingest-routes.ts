import { rmSync } from "node:fs";
import { z } from "zod";
import { readBody } from "../../server/body.ts";
import { boundaryOf, wholeParts } from "../../server/multipart.ts";
import { type Call, dataPath, ok, param, type Reply, type Route } from "../rest/call.ts";
import { ApiError, notFound } from "../rest/api-error.ts";
import { ingestBody } from "./create-job.ts";
import { change, type IngestParts, runIngest } from "./ingest-run.ts";
import { type ResultKind, resultLines } from "./ingest-results.ts";
import { jobList } from "./job-list.ts";
import type { Job, JobState } from "./job.ts";
import { bulkError, ingestReply, ingestStatus } from "./job-reply.ts";
import { keepUpload, receiveUpload } from "./upload.ts";
import { uploadPath } from "./upload-file.ts";

const mostOrder = 1024 * 1024;
/** Job and content in one request: the guide says 100,000 characters; this leaves room for more. */
const mostAtOnce = 16 * 1024 * 1024;
const stateChange = z.looseObject({ state: z.enum(["UploadComplete", "Aborted"]) });
const removable: readonly JobState[] = ["UploadComplete", "JobComplete", "Aborted", "Failed"];
const abortable: readonly JobState[] = ["Open", "UploadComplete", "InProgress"];
const resultKinds: readonly ResultKind[] = [
  "successfulResults",
  "failedResults",
  "unprocessedrecords",
];

/** Bulk API 2.0 ingest. */
export function ingestRoutes(parts: IngestParts): readonly Route[] {
  const { jobs } = parts;
  const jobOf = (call: Call): Job => jobs.get(param(call, "id"), "ingest");
  const path = "/jobs/ingest/:id";
  return [
    { method: "POST", path: "/jobs/ingest", streams: true, handle: (call) => create(parts, call) },
    {
      method: "GET",
      path: "/jobs/ingest",
      handle: (call) =>
        jobList(call, jobs, "ingest", (job) => ({ ...ingestReply(job), jobType: "V2Ingest" })),
    },
    { method: "GET", path, handle: (call) => ok(ingestStatus(jobs, jobOf(call))) },
    { method: "PATCH", path, handle: (call) => move(parts, call, jobOf(call)) },
    { method: "DELETE", path, handle: (call) => remove(parts, call, jobOf(call)) },
    {
      method: "PUT",
      path: `${path}/batches`,
      streams: true,
      handle: (call) => upload(parts, call, jobOf(call)),
    },
    {
      method: "GET",
      path: `${path}/:results`,
      handle: (call) => results(parts, call, jobOf(call)),
    },
  ];
}

/** Creates a job from JSON, or a job with its content in one from multipart. */
async function create(parts: IngestParts, call: Call): Promise<Reply> {
  const { org, jobs, lanes } = parts;
  const { raw } = call;
  if (raw === undefined || boundaryOf(raw) === undefined) {
    return ok(ingestReply(jobs.create("ingest", "Open", ingestBody(call, await json(call)))));
  }
  const pieces = await wholeParts(raw, mostAtOnce);
  const [order, content] = [pieces.get("job"), pieces.get("content")];
  if (order === undefined || content === undefined) {
    throw bulkError("CLIENTINPUTERROR", "A multipart job needs the parts job and content");
  }
  const job = jobs.create("ingest", "Open", ingestBody(call, parsed(order.toString("utf8"))));
  keepUpload(org, job.id, content);
  job.body.uploaded = true;
  const closed = change(org, jobs, job, "UploadComplete");
  lanes.start(() => runIngest(parts, closed.id));
  return ok(ingestReply(closed));
}

async function json(call: Call): Promise<unknown> {
  return parsed((await bodyOf(call, mostOrder)).toString("utf8"));
}

async function bodyOf({ raw }: Call, limit: number): Promise<Buffer> {
  if (raw === undefined) throw bulkError("CLIENTINPUTERROR", "There is no content");
  return readBody(raw, { limit });
}

function parsed(text: string): unknown {
  try {
    return text.trim() === "" ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw new ApiError(400, "JSON_PARSER_ERROR", "The job is not valid JSON");
  }
}

async function upload({ jobs }: IngestParts, call: Call, job: Job): Promise<Reply> {
  if (job.state !== "Open") throw invalidState(job, "upload to");
  if (job.body.uploaded === true) {
    throw bulkError("CLIENTINPUTERROR", "Data was already uploaded to this job");
  }
  await receiveUpload(call, job.id);
  const now = jobs.get(job.id, "ingest");
  if (now.state !== "Open") throw invalidState(now, "upload to");
  now.body.uploaded = true;
  jobs.save(now);
  return { status: 201 };
}

function move(parts: IngestParts, call: Call, job: Job): Reply {
  const order = stateChange.safeParse(call.body);
  if (!order.success)
    throw bulkError("CLIENTINPUTERROR", "state must be UploadComplete or Aborted");
  const { org, jobs, lanes } = parts;
  if (order.data.state === "Aborted") {
    if (!abortable.includes(job.state)) throw invalidState(job, "abort");
    return ok(ingestReply(change(org, jobs, job, "Aborted")));
  }
  if (job.state !== "Open") throw invalidState(job, "close");
  if (job.body.uploaded !== true) {
    throw bulkError("INVALIDJOBSTATE", "Job cannot be closed before its data was uploaded");
  }
  const closed = change(org, jobs, job, "UploadComplete");
  lanes.start(() => runIngest(parts, closed.id));
  return ok(ingestReply(closed));
}

function remove({ org, jobs }: IngestParts, _call: Call, job: Job): Reply {
  if (!removable.includes(job.state)) throw invalidState(job, "delete");
  jobs.remove(job);
  rmSync(uploadPath(org, job.id), { force: true });
  return { status: 204 };
}

async function results({ org, jobs }: IngestParts, call: Call, job: Job): Promise<Reply> {
  const asked = param(call, "results").toLowerCase();
  const kind = resultKinds.find((one) => one.toLowerCase() === asked);
  if (kind === undefined) throw notFound();
  if (job.state !== "JobComplete" && job.state !== "Failed" && job.state !== "Aborted") {
    throw invalidState(job, "read results of");
  }
  const lines = await resultLines(org, jobs, job, kind);
  return { status: 200, lines, contentType: "text/csv" };
}

function invalidState(job: Job, what: string): Error {
  return bulkError("INVALIDJOBSTATE", `Cannot ${what} a job in state ${job.state}`);
}

/** Where a query job's result page is found. */
export function resultUrl(call: Call, jobId: string, locator: string): string {
  return `${dataPath(call.version)}/jobs/query/${jobId}/results?locator=${locator}`;
}
