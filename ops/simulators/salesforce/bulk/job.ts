import type { Org } from "../org.ts";
import { idOf, parseId } from "../store/ids.ts";
import { type ApiError, notFound } from "../rest/api-error.ts";

/** Where a job stands. */
export type JobState =
  | "Open"
  | "UploadComplete"
  | "InProgress"
  | "JobComplete"
  | "Failed"
  | "Aborted";

/** What a job was created with and how it went. */
export interface JobBody {
  readonly operation: string;
  readonly object: string;
  readonly externalIdFieldName?: string;
  readonly assignmentRuleId?: string;
  readonly lineEnding: "LF" | "CRLF";
  readonly columnDelimiter: string;
  readonly apiVersion: number;
  readonly createdById: string;
  readonly query?: string;
  /** Set by the one PUT a job takes. */
  uploaded?: boolean;
  changedAt: number;
  startedAt?: number;
  endedAt?: number;
  /** How often batches went back into the queue. */
  retries?: number;
  /** Query jobs: rows of the answer. */
  rows?: number;
  errorMessage?: string;
}

/** One bulk job. */
export interface Job {
  readonly n: number;
  readonly id: string;
  readonly kind: "ingest" | "query";
  readonly created: number;
  state: JobState;
  body: JobBody;
}

/** A slice of an upload of at most 10,000 rows. */
export interface Batch {
  readonly job: number;
  readonly batch: number;
  readonly first_byte: number;
  readonly last_byte: number;
  readonly rows: number;
  done: number;
  failed: number;
}

/** The bulk jobs of an org. */
export interface JobStore {
  create(kind: Job["kind"], state: JobState, body: JobBody): Job;
  /** The job of an id; throws 404 where there is none of that kind. */
  get(id: string, kind: Job["kind"]): Job;
  save(job: Job): void;
  remove(job: Job): void;
  list(kind: Job["kind"]): Job[];
  batches(job: Job): Batch[];
  addBatch(batch: Batch): void;
  saveBatch(batch: Batch): void;
}

interface Stored {
  n: number;
  kind: Job["kind"];
  state: JobState;
  created: number;
  body: string;
}

/** Opens the bulk jobs kept in the org's database. */
export function jobStore(org: Org): JobStore {
  const { sql } = org.database;
  const insert = sql.prepare(
    "INSERT INTO bulk_job (kind, state, created, body) VALUES (?, ?, ?, ?)",
  );
  const select = sql.prepare("SELECT * FROM bulk_job WHERE n = ? AND kind = ?");
  const selectAll = sql.prepare("SELECT * FROM bulk_job WHERE kind = ? ORDER BY n DESC");
  const update = sql.prepare("UPDATE bulk_job SET state = ?, body = ? WHERE n = ?");
  const selectBatches = sql.prepare("SELECT * FROM bulk_batch WHERE job = ? ORDER BY batch");
  const insertBatch = sql.prepare("INSERT OR REPLACE INTO bulk_batch VALUES (?, ?, ?, ?, ?, ?, ?)");
  const updateBatch = sql.prepare(
    "UPDATE bulk_batch SET done = ?, failed = ? WHERE job = ? AND batch = ?",
  );
  const jobOf = ({ body, ...rest }: Stored): Job => ({
    ...rest,
    id: idOf("750", rest.n),
    body: JSON.parse(body) as JobBody,
  });
  return {
    create(kind, state, body) {
      const created = org.clock.now();
      const { lastInsertRowid } = insert.run(kind, state, created, JSON.stringify(body));
      const n = Number(lastInsertRowid);
      return { n, id: idOf("750", n), kind, created, state, body };
    },
    get(id, kind) {
      const parsed = parseId(id);
      const stored = parsed?.prefix === "750" ? select.get(parsed.n, kind) : undefined;
      if (stored === undefined) throw noSuchJob();
      return jobOf(stored as unknown as Stored);
    },
    save: (job) => void update.run(job.state, JSON.stringify(job.body), job.n),
    remove(job) {
      for (const table of ["bulk_batch", "bulk_result", "query_result"]) {
        sql.prepare(`DELETE FROM ${table} WHERE job = ?`).run(job.n);
      }
      sql.prepare("DELETE FROM bulk_job WHERE n = ?").run(job.n);
    },
    list: (kind) => (selectAll.all(kind) as unknown as Stored[]).map(jobOf),
    batches: (job) => selectBatches.all(job.n) as unknown as Batch[],
    addBatch(one) {
      const { job, batch, first_byte, last_byte, rows, done, failed } = one;
      insertBatch.run(job, batch, first_byte, last_byte, rows, done, failed);
    },
    saveBatch: (one) => void updateBatch.run(one.done, one.failed, one.job, one.batch),
  };
}

function noSuchJob(): ApiError {
  return notFound("The requested resource does not exist");
}
