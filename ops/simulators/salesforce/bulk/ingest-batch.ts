import { setImmediate as turn } from "node:timers/promises";
import { type ChunkOperation, chunkRows, type Draft, writeChunk } from "../dml/chunk.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import type { Org } from "../org.ts";
import { type BatchFaults, batchFaults, lockRefusal, parentOf } from "./batch-faults.ts";
import { csvRows, delimiters } from "./csv.ts";
import { type DraftMaker, JobFailure } from "./csv-draft.ts";
import type { Batch, Job, JobStore } from "./job.ts";
import { keepResults } from "./keep-results.ts";
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

/** Which parents batches under way have written below, where locks are modelled. */
const heldParents = new WeakMap<Org, Map<string, string>>();

/** Works off one batch in chunks of 200 rows, each with its results in one transaction; goes on where an earlier process stopped. */
export async function runBatch(run: BatchRun, batch: Batch): Promise<void> {
  const { org, job } = run;
  const faults = batchFaults(org, job);
  const delimiter = delimiters[job.body.columnDelimiter] ?? ",";
  const text = readSlice(uploadPath(org, job.id), batch.first_byte, batch.last_byte);
  const seenKeys = new Set<string>();
  const name = `${job.id}/${batch.batch}`;
  let skip = batch.done;
  let rows: string[][] = [];
  try {
    for (const cells of csvRows(text, delimiter)) {
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      rows.push(cells);
      if (rows.length < chunkRows && batch.done + rows.length < stopAt(faults, batch)) continue;
      runChunk(run, batch, rows, { faults, seenKeys, name });
      rows = [];
      if (batch.done >= (faults.failAfter ?? Infinity)) throw new JobFailure(faults.failMessage);
      await turn();
      if (run.stopped()) return;
    }
    if (faults.failAfter === 0) throw new JobFailure(faults.failMessage);
    if (rows.length > 0) runChunk(run, batch, rows, { faults, seenKeys, name });
  } finally {
    release(org, name);
  }
}

function stopAt(faults: BatchFaults, batch: Batch): number {
  return faults.failAfter === undefined ? batch.rows + 1 : Math.max(faults.failAfter, 1);
}

interface ChunkParts {
  readonly faults: BatchFaults;
  readonly seenKeys: Set<string>;
  readonly name: string;
}

function runChunk(run: BatchRun, batch: Batch, rows: readonly string[][], parts: ChunkParts): void {
  const { org, jobs, job } = run;
  if (parts.faults.failAfter === 0) throw new JobFailure(parts.faults.failMessage);
  const before = { done: batch.done, failed: batch.failed };
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
  firstPlace: number,
  { faults, seenKeys, name }: ChunkParts,
): RowOutcome[] {
  const { org, job, operation } = run;
  const planted = drafts.map(
    (draft, at) => faults.refusal(draft, firstPlace + at) ?? contention(org, draft, name),
  );
  const free = drafts.filter((_draft, at) => planted[at] === undefined);
  const written = writeChunk(org, job.body.createdById, operation, free, { seenKeys });
  let next = 0;
  return planted.map((outcome) => outcome ?? (written[next++] as RowOutcome));
}

function contention(org: Org, draft: Draft, name: string): RowOutcome | undefined {
  const parent = org.settings.current().lockContention ? parentOf(draft) : undefined;
  if (parent === undefined) return undefined;
  const held = heldParents.get(org) ?? new Map<string, string>();
  heldParents.set(org, held);
  const holder = held.get(parent);
  if (holder !== undefined && holder !== name) {
    return { ok: false, id: draft.id, error: lockRefusal(parent) };
  }
  held.set(parent, name);
  return undefined;
}

function release(org: Org, name: string): void {
  const held = heldParents.get(org);
  for (const [parent, holder] of held ?? []) if (holder === name) held?.delete(parent);
}
