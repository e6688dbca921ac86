import { z } from "zod";
import type { ChunkOperation } from "../dml/chunk.ts";
import type { Org } from "../org.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { subjectOf } from "./batch-faults.ts";
import { csvRows, delimiters } from "./csv.ts";
import { type DraftMaker, draftMaker, JobFailure } from "./csv-draft.ts";
import { runBatch } from "./ingest-batch.ts";
import type { Batch, Job, JobStore } from "./job.ts";
import type { Lanes } from "./lanes.ts";
import { cutUpload, readSlice, uploadPath } from "./upload-file.ts";

const batchRows = 10_000;
const hold = z.object({
  ms: z.int().min(0),
  state: z.enum(["UploadComplete", "InProgress"]).optional(),
});

/** What working off jobs needs. */
export interface IngestParts {
  readonly org: Org;
  readonly jobs: JobStore;
  readonly lanes: Lanes;
}

/** Works off a job from UploadComplete (or from where an earlier process stopped) to its end. */
export async function runIngest({ org, jobs, lanes }: IngestParts, id: string): Promise<void> {
  const fresh = (): Job => jobs.get(id, "ingest");
  const stopped = (): boolean => lanes.signal.aborted || isOver(fresh());
  const job = fresh();
  const held = org.faults.take("hold_job", subjectOf(job));
  const holding = held === undefined ? undefined : hold.parse(held);
  const holdMs = (state: string): number =>
    holding !== undefined && (holding.state ?? "UploadComplete") === state ? holding.ms : 0;
  const queueMs = org.settings.current().processing.queueMs + holdMs("UploadComplete");
  if (job.state === "UploadComplete" && !(await lanes.sleep(queueMs))) return;
  if (stopped()) return;
  const started = change(org, jobs, fresh(), "InProgress");
  if (!(await lanes.sleep(holdMs("InProgress"))) || stopped()) return;
  try {
    const run = await prepareRun(org, jobs, started, stopped);
    // All of them end before the first failure counts, so that nothing writes behind a closed org.
    const ended = await Promise.allSettled(
      jobs.batches(started).map((batch) => workOff(run, lanes, batch)),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    if (!stopped()) change(org, jobs, fresh(), "JobComplete");
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    if (!stopped()) change(org, jobs, fresh(), "Failed", error.message);
  }
}

/** Moves a job to a state and keeps when. */
export function change(org: Org, jobs: JobStore, job: Job, state: Job["state"], why?: string): Job {
  const now = org.clock.now();
  job.state = state;
  job.body.changedAt = now;
  if (state === "InProgress") job.body.startedAt ??= now;
  if (isOver(job)) job.body.endedAt = now;
  if (why !== undefined) job.body.errorMessage = why;
  jobs.save(job);
  return job;
}

function isOver({ state }: Job): boolean {
  return state === "JobComplete" || state === "Failed" || state === "Aborted";
}

type Run = Parameters<typeof runBatch>[0];

async function prepareRun(
  org: Org,
  jobs: JobStore,
  job: Job,
  stopped: () => boolean,
): Promise<Run> {
  const path = uploadPath(org, job.id);
  const cut = await cutUpload(path, batchRows);
  const writer = org.as(job.body.createdById);
  const object = writer.schema.find(job.body.object);
  if (object === undefined)
    throw new JobFailure(`InvalidBatch : Entity not found : ${job.body.object}`);
  const wanted = job.body.lineEnding;
  const other = wanted === "LF" ? "CRLF" : "LF";
  if (cut.endings.has(other)) {
    throw new JobFailure(
      `LineEnding is invalid on user data. Current LineEnding setting is ${wanted}`,
    );
  }
  const drafts = draftsOf(writer, job, object, readSlice(path, 0, cut.headerEnd));
  if (jobs.batches(job).length === 0) {
    for (const [batch, slice] of cut.slices.entries()) {
      const { firstByte: first_byte, lastByte: last_byte, rows } = slice;
      jobs.addBatch({ job: job.n, batch, first_byte, last_byte, rows, done: 0, failed: 0 });
    }
  }
  return { org, jobs, job, operation: operationOf(job, object), drafts, stopped };
}

function draftsOf(org: Org, job: Job, object: SObject, headerText: string): DraftMaker {
  const delimiter = delimiters[job.body.columnDelimiter] ?? ",";
  const [header = []] = csvRows(headerText, delimiter);
  const names = header.map((name) => name.trim().toLowerCase());
  const { operation, externalIdFieldName } = job.body;
  if (header.length > 0) {
    const isDelete = operation === "delete";
    if (isDelete && names.some((name) => name !== "id")) {
      throw new JobFailure("InvalidBatch : Delete batch must only contain ids");
    }
    const key =
      operation === "upsert" ? externalIdFieldName : operation === "insert" ? undefined : "Id";
    const drafts = draftMaker(org, object, header);
    if (key !== undefined && !names.includes(key.toLowerCase())) {
      throw new JobFailure(`InvalidBatch : Field name not found : ${key}`);
    }
    return drafts;
  }
  return draftMaker(org, object, header);
}

function operationOf(job: Job, object: SObject): ChunkOperation {
  const { operation, externalIdFieldName = "" } = job.body;
  if (operation === "upsert") {
    const key = findField(object, externalIdFieldName);
    if (key === undefined)
      throw new JobFailure(`InvalidBatch : Field name not found : ${externalIdFieldName}`);
    return { kind: "upsert", key };
  }
  return { kind: operation === "insert" || operation === "update" ? operation : "delete" };
}

/** Runs one batch in a lane; it takes at least the time a batch of its size takes. */
async function workOff(run: Run, lanes: Lanes, batch: Batch): Promise<void> {
  const { org } = run;
  await lanes.inLane(async () => {
    if (run.stopped() || batch.done >= batch.rows) return;
    const { limits, processing } = org.settings.current();
    if (limits.enforced && org.usage.lastDay("batches") >= limits.DailyBulkApiBatches) {
      throw new JobFailure("ExceededQuota : The daily limit of Bulk API batches is used up");
    }
    org.usage.add("batches");
    org.log.count("bulk_batches");
    const begun = performance.now();
    await runBatch(run, batch);
    const least = (processing.msPer10k * batch.rows) / batchRows;
    await lanes.sleep(least - (performance.now() - begun));
  });
}
