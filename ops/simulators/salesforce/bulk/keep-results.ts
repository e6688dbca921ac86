import { chunkRows } from "../dml/chunk.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import type { Org } from "../org.ts";
import { csvLine, delimiters, lineEndings } from "./csv.ts";
import type { Batch, Job } from "./job.ts";
import { shuffled } from "./shuffle.ts";

/** Keeps result lines of a chunk: values as uploaded, in an order that is not the upload's. */
export function keepResults(
  org: Org,
  job: Job,
  batch: Batch,
  rows: readonly string[][],
  outcomes: readonly RowOutcome[],
): void {
  const delimiter = delimiters[job.body.columnDelimiter] ?? ",";
  const ending = lineEndings[job.body.lineEnding];
  const succeeded: string[] = [];
  const failed: string[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const cells = rows[at] ?? [];
    if (outcome.ok) {
      succeeded.push(csvLine([outcome.id, String(outcome.created), ...cells], delimiter, ending));
    } else {
      const { code, message, fields } = outcome.error;
      const text = `${code}:${message}:${fields.length > 0 ? `${fields.join(" ")} ` : ""}--`;
      failed.push(csvLine([outcome.id ?? "", text, ...cells], delimiter, ending));
    }
  }
  const chunk = Math.floor(batch.done / chunkRows);
  const seed =
    org.settings.current().shuffleSeed * 7_919 + job.n * 104_729 + batch.batch * 131 + chunk;
  const place = Math.imul(seed, 0x9e3779b1) >>> 0;
  org.database.sql
    .prepare("INSERT OR REPLACE INTO bulk_result VALUES (?, ?, ?, ?, ?, ?)")
    .run(
      job.n,
      batch.batch,
      batch.done,
      place,
      shuffled(succeeded, seed).join(""),
      shuffled(failed, seed).join(""),
    );
}
