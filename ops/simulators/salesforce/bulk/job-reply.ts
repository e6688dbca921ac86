import { ApiError } from "../rest/api-error.ts";
import type { Job, JobStore } from "./job.ts";

/** A refusal of a bulk resource: only code and message, as strict clients demand. */
export function bulkError(code: string, message: string, status = 400): ApiError {
  return new ApiError(status, code, message);
}

function moment(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}

function common(job: Job): Record<string, unknown> {
  const { body } = job;
  return {
    id: job.id,
    operation: body.operation,
    object: body.object,
    createdById: body.createdById,
    createdDate: moment(job.created),
    systemModstamp: moment(body.changedAt),
    state: job.state,
    concurrencyMode: "Parallel",
    contentType: "CSV",
    apiVersion: body.apiVersion,
    lineEnding: body.lineEnding,
    columnDelimiter: body.columnDelimiter,
  };
}

/** An ingest job as its creation and state changes answer. */
export function ingestReply(job: Job): object {
  const { externalIdFieldName, assignmentRuleId, apiVersion } = job.body;
  const contentUrl = `services/data/v${apiVersion.toFixed(1)}/jobs/ingest/${job.id}/batches`;
  return {
    ...common(job),
    contentUrl,
    ...(externalIdFieldName === undefined ? {} : { externalIdFieldName }),
    ...(assignmentRuleId === undefined ? {} : { assignmentRuleId }),
  };
}

/** An ingest job as asking for it answers: `numberRecordsProcessed` includes the failed ones. */
export function ingestStatus(jobs: JobStore, job: Job): object {
  const batches = jobs.batches(job);
  const sum = (read: (batch: (typeof batches)[number]) => number): number =>
    batches.reduce((total, batch) => total + read(batch), 0);
  return {
    ...ingestReply(job),
    jobType: "V2Ingest",
    retries: job.body.retries ?? 0,
    ...timesOf(job),
    numberRecordsProcessed: sum((batch) => batch.done),
    numberRecordsFailed: sum((batch) => batch.failed),
    ...(job.body.errorMessage === undefined ? {} : { errorMessage: job.body.errorMessage }),
  };
}

/** A query job; `status` adds what asking for it adds. */
export function queryReply(job: Job, status: boolean): object {
  if (!status) return common(job);
  const { errorMessage, rows = 0 } = job.body;
  return {
    ...common(job),
    jobType: "V2Query",
    retries: 0,
    totalProcessingTime: processingMs(job),
    numberRecordsProcessed: rows,
    isPkChunkingSupported: true,
    ...(errorMessage === undefined ? {} : { errorMessage }),
  };
}

function timesOf(job: Job): object {
  const totalProcessingTime = processingMs(job);
  return {
    totalProcessingTime,
    apiActiveProcessingTime: totalProcessingTime,
    apexProcessingTime: 0,
  };
}

function processingMs({ body }: Job): number {
  return body.startedAt === undefined ? 0 : (body.endedAt ?? body.changedAt) - body.startedAt;
}
