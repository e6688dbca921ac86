import { z } from "zod";
import type { Org } from "./org.ts";

/**
 * Faults that strike bulk work instead of a request. `on` is searched in `<object> <operation> <job
 * id>` (of batches and jobs), or in `query`, `bulk query`, `jobs` for small_pages.
 */
export const workFaults = {
  /** The job stays in a state for so long. */
  hold_job: z.strictObject({
    ms: z.int().min(0),
    state: z.enum(["UploadComplete", "InProgress"]).default("UploadComplete"),
  }),
  /** After so many rows the batch fails, and the job with it; the rest stays unprocessed. */
  fail_batch: z.strictObject({
    rows: z.int().min(0).default(0),
    message: z.string().default("InternalServerError : Batch failed after too many retries"),
  }),
  /** So many percent of a batch's rows lose their lock once; sent again they get it. */
  lock_rows: z.strictObject({
    percent: z.number().min(0).max(100).default(10),
    seed: z.int().default(1),
    /** Only rows that share a parent with another row of their 200. */
    sharing: z.boolean().default(false),
  }),
  /** The first rows of a batch are refused, as a validation rule or a trigger refuses them. */
  refuse_rows: z.strictObject({
    rows: z.int().min(1).default(1),
    code: z.string().default("FIELD_CUSTOM_VALIDATION_EXCEPTION"),
    message: z.string().default("A validation rule of this org\nrefuses this row: try: again"),
  }),
  /** Each 200 rows of a batch take at least so long. */
  slow_batch: z.strictObject({ ms: z.int().min(1) }),
  /** Result files come in the order of this seed instead of the org's. */
  shuffle_results: z.strictObject({ seed: z.int().default(7) }),
  /** Result files name the uploaded columns in lower case. */
  wrong_case_echo: z.strictObject({}),
  /** Pages of a query, a bulk result or a list of jobs hold at most so many rows. */
  small_pages: z.strictObject({ rows: z.int().min(1).default(10) }),
};

/** Faults of a request that its route plays. */
export const requestFaults = {
  /** The session is gone when the request comes. */
  expire_session: z.strictObject({}),
  /** The session ends when so many bytes of an upload have come; nothing of it is kept. */
  expire_in_upload: z.strictObject({ bytes: z.int().min(0).default(1024) }),
};

/** What a fault of a kind says, where it strikes; the plan was checked when it came. */
export function takeFault<K extends keyof typeof workFaults>(
  org: Org,
  kind: K,
  subject: string,
): z.infer<(typeof workFaults)[K]> | undefined {
  const struck = org.faults.take(kind, subject);
  if (struck === undefined) return undefined;
  const { kind: _kind, ...rest } = struck;
  return workFaults[kind].parse(rest) as z.infer<(typeof workFaults)[K]>;
}
