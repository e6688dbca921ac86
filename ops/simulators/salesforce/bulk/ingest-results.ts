import type { Org } from "../org.ts";
import { takeFault } from "../fault-kinds.ts";
import { subjectOf } from "./batch-faults.ts";
import { csvLine, csvRows, delimiters, lineEndings } from "./csv.ts";
import type { Job, JobStore } from "./job.ts";
import { shuffled } from "./shuffle.ts";
import { cutUpload, readSlice, uploadPath } from "./upload-file.ts";

/** Which of the three result files. */
export type ResultKind = "successfulResults" | "failedResults" | "unprocessedrecords";

/** The lines of a result file, header first. */
export async function resultLines(
  org: Org,
  jobs: JobStore,
  job: Job,
  kind: ResultKind,
): Promise<Iterable<string>> {
  const path = uploadPath(org, job.id);
  const { headerEnd, slices } = await cutUpload(path, 10_000);
  const delimiter = delimiters[job.body.columnDelimiter] ?? ",";
  const ending = lineEndings[job.body.lineEnding];
  const [uploaded = []] = csvRows(readSlice(path, 0, headerEnd), delimiter);
  const lower = takeFault(org, "wrong_case_echo", subjectOf(job)) !== undefined;
  const header = lower ? uploaded.map((name) => name.toLowerCase()) : uploaded;
  if (kind === "unprocessedrecords") {
    const batches = new Map(jobs.batches(job).map((batch) => [batch.batch, batch]));
    const isLeft = job.state === "Failed" || job.state === "Aborted";
    return (function* () {
      yield csvLine(header, delimiter, ending);
      for (const [at, slice] of (isLeft ? slices : []).entries()) {
        const done = batches.get(at)?.done ?? 0;
        let place = 0;
        for (const cells of csvRows(readSlice(path, slice.firstByte, slice.lastByte), delimiter)) {
          place += 1;
          if (place > done) yield csvLine(cells, delimiter, ending);
        }
      }
    })();
  }
  const column = kind === "successfulResults" ? "succeeded" : "failed";
  const second = kind === "successfulResults" ? "sf__Created" : "sf__Error";
  const shuffle = takeFault(org, "shuffle_results", subjectOf(job));
  return (function* () {
    yield csvLine(["sf__Id", second, ...header], delimiter, ending);
    for (const text of chunksOf(org, job, column, shuffle?.seed)) {
      if (shuffle === undefined) yield text;
      else yield* mixed(text, delimiter, ending, shuffle.seed);
    }
  })();
}

/** Chunks one by one, so that no statement stays open while the client is slow. */
function* chunksOf(
  org: Org,
  job: Job,
  column: "succeeded" | "failed",
  seed: number | undefined,
): Iterable<string> {
  const { sql } = org.database;
  const kept = sql
    .prepare("SELECT batch, chunk FROM bulk_result WHERE job = ? ORDER BY place")
    .all(job.n) as { batch: number; chunk: number }[];
  const keys = seed === undefined ? kept : shuffled(kept, seed);
  const select = sql.prepare(
    `SELECT ${column} AS text FROM bulk_result WHERE job = ? AND batch = ? AND chunk = ?`,
  );
  for (const { batch, chunk } of keys) {
    yield (select.get(job.n, batch, chunk) as { text: string } | undefined)?.text ?? "";
  }
}

/** A chunk's lines in another seeded order. */
function mixed(text: string, delimiter: string, ending: string, seed: number): string[] {
  const lines = [...csvRows(text, delimiter)].map((cells) => csvLine(cells, delimiter, ending));
  return shuffled(lines, seed);
}
