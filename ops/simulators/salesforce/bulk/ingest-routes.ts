import { rmSync } from "node:fs";
import { z } from "zod";
import { type Call, dataPath, ok, param, type Reply, type Route } from "../rest/call.ts";
import { notFound } from "../rest/api-error.ts";
import { ingestBody } from "./create-job.ts";
import { change, type IngestParts, runIngest } from "./ingest-run.ts";
import { type ResultKind, resultLines } from "./ingest-results.ts";
import type { Job, JobState } from "./job.ts";
import { bulkError, ingestReply, ingestStatus } from "./job-reply.ts";
import { receiveUpload } from "./upload.ts";
import { uploadPath } from "./upload-file.ts";

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
    {
      method: "POST",
      path: "/jobs/ingest",
      handle: (call) => ok(ingestReply(jobs.create("ingest", "Open", ingestBody(call)))),
    },
    { method: "GET", path: "/jobs/ingest", handle: () => list(parts) },
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

function list({ jobs }: IngestParts): Reply {
  const records = jobs.list("ingest").map((job) => ({ ...ingestReply(job), jobType: "V2Ingest" }));
  return ok({ done: true, records, nextRecordsUrl: null });
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
