import type { Org } from "../org.ts";
import { csvLine, csvRows, delimiters, lineEndings } from "./csv.ts";
import type { Job, JobStore } from "./job.ts";
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
  const [header = []] = csvRows(readSlice(path, 0, headerEnd), delimiter);
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
  return (function* () {
    yield csvLine(["sf__Id", second, ...header], delimiter, ending);
    yield* chunksOf(org, job, column);
  })();
}

/** Chunks one by one, so that no statement stays open while the client is slow. */
function* chunksOf(org: Org, job: Job, column: "succeeded" | "failed"): Iterable<string> {
  const { sql } = org.database;
  const keys = sql
    .prepare("SELECT batch, chunk FROM bulk_result WHERE job = ? ORDER BY place")
    .all(job.n) as { batch: number; chunk: number }[];
  const select = sql.prepare(
    `SELECT ${column} AS text FROM bulk_result WHERE job = ? AND batch = ? AND chunk = ?`,
  );
  for (const { batch, chunk } of keys) {
    yield (select.get(job.n, batch, chunk) as { text: string } | undefined)?.text ?? "";
  }
}
