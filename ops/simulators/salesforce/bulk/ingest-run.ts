import type { ChunkOperation } from "../dml/chunk.ts";
import type { Org } from "../org.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import type { Settings } from "../store/settings.ts";
import { takeFault } from "../fault-kinds.ts";
import { subjectOf } from "./batch-faults.ts";
import { csvRows, delimiters } from "./csv.ts";
import { type DraftMaker, draftMaker, JobFailure } from "./csv-draft.ts";
import { runBatch } from "./ingest-batch.ts";
import type { Batch, Job, JobStore } from "./job.ts";
import type { Lanes } from "./lanes.ts";
import { paceOf } from "./pace.ts";
import { cutUpload, readSlice, uploadPath } from "./upload-file.ts";

const batchRows = 10_000;
const plainKinds = ["insert", "update", "delete", "hardDelete"] as const;
/** Bulk API 2.0 limits: 150 million rows in 24 hours. */
const recordsADay = 150_000_000;
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
  const held = takeFault(org, "hold_job", subjectOf(job));
  const holdIn = (state: string): Promise<boolean> =>
    hold({ org, lanes }, held?.state === state ? held.ms : 0);
  const { queueMs } = org.settings.current().processing;
  if (job.state === "UploadComplete" && !(await lanes.sleep(queueMs))) return;
  if (!(await holdIn("UploadComplete")) || stopped()) return;
  const started = change(org, jobs, fresh(), "InProgress");
  if (!(await holdIn("InProgress")) || stopped()) return;
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

const holdSliceMs = 100;

/** Waits as long as a job is held; once no rule holds jobs any more, none is. False where the simulator closes meanwhile. */
async function hold({ org, lanes }: Pick<IngestParts, "org" | "lanes">, ms: number) {
  const holds = () => org.faults.list().some(({ action }) => action.kind === "hold_job");
  for (let left = ms; left > 0 && holds(); left -= holdSliceMs) {
    if (!(await lanes.sleep(Math.min(left, holdSliceMs)))) return false;
  }
  return !lanes.signal.aborted;
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
    const isDelete = operation === "delete" || operation === "hardDelete";
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
  return { kind: plainKinds.find((kind) => kind === operation) ?? "delete" };
}

/** Runs one batch in a lane; what its time was too short for goes back into the queue, so often. */
async function workOff(run: Run, lanes: Lanes, batch: Batch): Promise<void> {
  const { org, jobs, job } = run;
  const settings = (): Settings => org.settings.current();
  spendBatch(org, batch);
  for (let retries = 0; ; retries += 1) {
    const attempt = await lanes.inLane(async () => {
      if (run.stopped() || (batch.done >= batch.rows && retries > 0)) return "done";
      return runBatch(run, batch, paceOf(lanes, settings));
    });
    if (attempt !== "late") return;
    if (retries >= settings().processing.batchRetries) {
      throw new JobFailure("InternalServerError : Timeout : A batch was retried too often");
    }
    const fresh = jobs.get(job.id, "ingest");
    fresh.body.retries = (fresh.body.retries ?? 0) + 1;
    jobs.save(fresh);
  }
}

/** Counts a batch against the day; throws where the day has none left. */
function spendBatch(org: Org, batch: Batch): void {
  if (batch.done > 0) return;
  const { limits } = org.settings.current();
  if (limits.enforced && org.usage.lastDay("batches") >= limits.DailyBulkApiBatches) {
    throw new JobFailure("ExceededQuota : The daily limit of Bulk API batches is used up");
  }
  const rows = org.usage.lastDay("bulk_records") + batch.rows;
  if (limits.enforced && rows > recordsADay) {
    throw new JobFailure("ExceededQuota : The daily limit of Bulk API records is used up");
  }
  org.usage.add("batches");
  org.usage.add("bulk_records", batch.rows);
  org.log.count("bulk_batches");
}
