import { setImmediate as turn } from "node:timers/promises";
import { type ChunkOperation, chunkRows, type Draft, writeChunk } from "../dml/chunk.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import type { Org } from "../org.ts";
import { type BatchFaults, batchFaults } from "./batch-faults.ts";
import { csvRows, delimiters } from "./csv.ts";
import { type DraftMaker, JobFailure } from "./csv-draft.ts";
import type { Batch, Job, JobStore } from "./job.ts";
import { keepResults } from "./keep-results.ts";
import { lockRefusal, type Locks, locksOf } from "./locks.ts";
import type { Pace } from "./pace.ts";
import { readSlice, uploadPath } from "./upload-file.ts";

/** What every batch of a job shares. */
export interface BatchRun {
  readonly org: Org;
  readonly jobs: JobStore;
  readonly job: Job;
  readonly operation: ChunkOperation;
  readonly drafts: DraftMaker;
  /** Whether the job was aborted, failed or the simulator closes. */
  stopped(): boolean;
}

/** How an attempt at a batch ended. */
export type Attempt = "done" | "stopped" | "late";

interface ChunkParts {
  readonly faults: BatchFaults;
  readonly locks: Locks;
  readonly seenKeys: Set<string>;
  readonly name: string;
  lockFailures: number;
}

/**
 * Works off one batch in chunks of 200 rows, each with its results in one transaction; goes on where
 * an earlier attempt or process stopped. `late`: its time was up, and a remainder is left.
 */
export async function runBatch(run: BatchRun, batch: Batch, pace: Pace): Promise<Attempt> {
  const { org, job } = run;
  const name = `${job.id}/${batch.batch}`;
  const parts: ChunkParts = {
    faults: batchFaults(org, job),
    locks: locksOf(org),
    seenKeys: new Set(),
    name,
    lockFailures: 0,
  };
  const { failAfter, failMessage, chunkMs } = parts.faults;
  const failNow = (): boolean => failAfter !== undefined && batch.done >= failAfter;
  try {
    for (const rows of chunksOf(run, batch, failAfter)) {
      if (failNow()) throw new JobFailure(failMessage);
      if (pace.isLate()) return "late";
      runChunk(run, batch, rows, parts);
      await turn();
      if (!(await pace.chunkDone(rows.length, chunkMs)) || run.stopped()) return "stopped";
    }
    if (failNow()) throw new JobFailure(failMessage);
    return "done";
  } finally {
    parts.locks.release(name);
  }
}

/** The rows of a batch that are left, 200 at a time, or fewer up to where it is to fail. */
function* chunksOf({ org, job }: BatchRun, batch: Batch, failAfter = Infinity) {
  const delimiter = delimiters[job.body.columnDelimiter] ?? ",";
  const text = readSlice(uploadPath(org, job.id), batch.first_byte, batch.last_byte);
  let skip = batch.done;
  let rows: string[][] = [];
  for (const cells of csvRows(text, delimiter)) {
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    rows.push(cells);
    if (rows.length < chunkRows && batch.done + rows.length !== failAfter) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

function runChunk(run: BatchRun, batch: Batch, rows: readonly string[][], parts: ChunkParts): void {
  const { org, jobs, job } = run;
  const before = { done: batch.done, failed: batch.failed };
  parts.locks.begin(parts.name);
  try {
    org.database.transaction(() => {
      const outcomes = writeRows(run, rows.map(run.drafts), batch.done, parts);
      keepResults(org, job, batch, rows, outcomes);
      batch.done += rows.length;
      batch.failed += outcomes.filter((outcome) => !outcome.ok).length;
      jobs.saveBatch(batch);
    });
  } catch (error) {
    Object.assign(batch, before);
    throw error;
  }
  org.log.count("bulk_rows", rows.length);
}

/** Writes the rows no fault and no lock stands in the way of; outcomes in the order of the rows. */
function writeRows(
  run: BatchRun,
  drafts: readonly Draft[],
  first: number,
  parts: ChunkParts,
): RowOutcome[] {
  const { org, job, operation } = run;
  const planted = parts.faults.refusals(drafts, first);
  const stopped = drafts.map(
    (draft, at) => planted[at] ?? contention(org, draft, first + at, parts),
  );
  const free = drafts.filter((_draft, at) => stopped[at] === undefined);
  const { seenKeys } = parts;
  const written = writeChunk(org, job.body.createdById, operation, free, { seenKeys });
  let next = 0;
  return stopped.map((outcome) => outcome ?? (written[next++] as RowOutcome));
}

function contention(
  org: Org,
  draft: Draft,
  place: number,
  parts: ChunkParts,
): RowOutcome | undefined {
  const { lockContention, processing } = org.settings.current();
  const parent = lockContention ? parts.locks.lost(parts.name, draft, place) : undefined;
  if (parent === undefined) return undefined;
  parts.lockFailures += 1;
  org.log.count("bulk_lock_failures");
  if (parts.lockFailures > processing.mostLockFailures) {
    throw new JobFailure(
      "TooManyLockFailure : Too many lock failures in a batch. Try again later.",
    );
  }
  return { ok: false, id: draft.id, error: lockRefusal(parent) };
}
