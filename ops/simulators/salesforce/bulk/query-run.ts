import { setImmediate as turn } from "node:timers/promises";
import { isAggregate } from "../soql/aggregate.ts";
import type { Column } from "../soql/column.ts";
import { parseQuery } from "../soql/parse.ts";
import { type Prepared, prepare } from "../soql/prepare.ts";
import { columnsOf } from "../soql/render.ts";
import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Row } from "../store/object-rows.ts";
import { csvLine, delimiters, lineEndings } from "./csv.ts";
import { change, type IngestParts } from "./ingest-run.ts";
import type { Job } from "./job.ts";
import { bulkError } from "./job-reply.ts";

const linesAtOnce = 500;

/** Binds a bulk statement; throws for what bulk queries do not allow. */
export function prepareBulk(org: Org, text: string, withDeleted: boolean): Prepared {
  const query = parseQuery(text);
  if (query.select.some((item) => item.kind === "children")) {
    throw bulkError("INVALIDJOB", "Aggregate Relationships not supported in Bulk Query");
  }
  if (query.select.some((item) => item.kind === "typeOf")) {
    throw bulkError("INVALIDJOB", "TYPEOF is not supported in Bulk Query");
  }
  const prepared = prepare(org, query, { withDeleted });
  if (isAggregate(prepared) || query.offset > 0) {
    throw bulkError(
      "INVALIDJOB",
      "GROUP BY, aggregates and OFFSET are not supported in Bulk Query",
    );
  }
  // Unknown columns are refused now, not when the job runs.
  columnsOf(prepared);
  return prepared;
}

/** The header row of a bulk answer. */
export function headerOf(org: Org, job: Job): string {
  const prepared = prepareBulk(
    org.as(job.body.createdById),
    job.body.query ?? "",
    job.body.operation === "queryAll",
  );
  return lineOf(
    job,
    columnsOf(prepared).map((column) => column.name),
  );
}

/** Reads the answer of a query job into its result store. */
export async function runQueryJob({ org, jobs, lanes }: IngestParts, id: string): Promise<void> {
  if (!(await lanes.sleep(org.settings.current().processing.queueMs))) return;
  const fresh = (): Job => jobs.get(id, "query");
  if (fresh().state === "Aborted") return;
  const job = change(org, jobs, fresh(), "InProgress");
  org.database.sql.prepare("DELETE FROM query_result WHERE job = ?").run(job.n);
  try {
    const reader = org.as(job.body.createdById);
    const prepared = prepareBulk(reader, job.body.query ?? "", job.body.operation === "queryAll");
    const columns = columnsOf(prepared);
    const counters = prepared.answer();
    for (let from = 0; from < counters.length; from += linesAtOnce) {
      keepLines(org, job, prepared, columns, counters.slice(from, from + linesAtOnce), from);
      await turn();
      if (lanes.signal.aborted || fresh().state === "Aborted") return;
    }
    const ended = fresh();
    ended.body.rows = counters.length;
    change(org, jobs, ended, "JobComplete");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    change(org, jobs, fresh(), "Failed", error.message);
  }
}

function keepLines(
  org: Org,
  job: Job,
  prepared: Prepared,
  columns: readonly Column[],
  counters: readonly number[],
  from: number,
): void {
  const rows = org.rows(prepared.object.name);
  // A row that vanished since keeps its place with what is still known: real result files are fixed, too.
  const lines = counters.map((n) => lineOf(job, cellsOf(rows.get(n), columns, prepared)));
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  org.usage.add("query_bytes", bytes);
  org.database.sql
    .prepare("INSERT OR REPLACE INTO query_result VALUES (?, ?, ?, ?)")
    .run(job.n, from, lines.length, JSON.stringify(lines));
}

function cellsOf(row: Row | undefined, columns: readonly Column[], prepared: Prepared): string[] {
  return columns.map((column) => {
    const value = row === undefined ? null : column.read(row.values, prepared.parents);
    return value === null ? "" : String(value);
  });
}

function lineOf(job: Job, cells: readonly string[]): string {
  return csvLine(
    cells,
    delimiters[job.body.columnDelimiter] ?? ",",
    lineEndings[job.body.lineEnding],
  );
}

/** Lines `from` to `to` of an answer. */
export function* answerLines(org: Org, job: Job, from: number, to: number): Iterable<string> {
  const select = org.database.sql.prepare(
    "SELECT first_row, lines FROM query_result WHERE job = ? AND first_row = ?",
  );
  const start = Math.floor(from / linesAtOnce) * linesAtOnce;
  for (let first = start; first < to; first += linesAtOnce) {
    const stored = select.get(job.n, first) as { lines: string } | undefined;
    if (stored === undefined) return;
    const lines = JSON.parse(stored.lines) as string[];
    yield lines.slice(Math.max(0, from - first), to - first).join("");
  }
}
