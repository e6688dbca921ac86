import { CutoverError } from "../../pipeline/core/errors.ts";
import {
  type JobState,
  type RowResult,
  type RowResults,
  resultKey,
  type SinkGroup,
} from "../sink.ts";
import type { SalesforceClient } from "./client.ts";
import { csvBody, csvColumns } from "./csv.ts";
import { bulkRefusal } from "./errors.ts";
import { cellOf, nullCell } from "./values.ts";

type Group = Pick<SinkGroup, "plan" | "operation">;

/** Salesforce takes 150 MB after base64 (Bulk API 2.0 limits), that is 100 MB of text. */
const mostBytes = 100 * 1024 * 1024;

/** Opens a Bulk 2.0 ingest job; nothing is uploaded. */
export async function openJob(client: SalesforceClient, group: Group): Promise<string> {
  const reply = await client.call({
    api: "bulk_job",
    method: "POST",
    path: "jobs/ingest",
    body: JSON.stringify({
      object: group.plan.object,
      operation: group.operation,
      contentType: "CSV",
      lineEnding: "LF",
      columnDelimiter: "COMMA",
    }),
    write: true,
  });
  return (JSON.parse(reply.body) as { id: string }).id;
}

/** Uploads the rows in one piece and closes the job; on any error the job's state decides. */
export async function uploadJob(
  client: SalesforceClient,
  jobId: string,
  group: SinkGroup,
): Promise<void> {
  const body = uploadOf(group);
  if (body.length > mostBytes) {
    throw new CutoverError("SINK_SYSTEM_UNKNOWN", "An upload would be larger than 100 MB.");
  }
  await client.refresh();
  await client.call({
    api: "bulk_upload",
    method: "PUT",
    path: `jobs/ingest/${jobId}/batches`,
    body,
    contentType: "text/csv; charset=utf-8",
    write: true,
  });
  await setState(client, jobId, "UploadComplete");
}

/** The upload: our key first, because results come in any order and in separate files. */
export function uploadOf(group: SinkGroup): Buffer {
  const { plan, operation, rows } = group;
  if (operation === "delete") {
    return csvBody(
      ["Id"],
      rows.map((row) => [row.destinationId as string]),
    );
  }
  const fields = columnsOf(group);
  const key = operation === "insert" ? [plan.keyField] : ["Id", plan.keyField];
  return csvBody([...key, ...fields.map((field) => field.name)], cells());

  function* cells(): Generator<string[]> {
    for (const row of rows) {
      const line = operation === "insert" ? [row.key] : [row.destinationId as string, keyCell(row)];
      for (const field of fields) {
        const value = row.fields[field.name];
        line.push(value === undefined ? "" : cellOf(field, value));
      }
      yield line;
    }
  }

  /** A released row loses our key. */
  function keyCell(row: SinkGroup["rows"][number]): string {
    return row.fields[plan.keyField] === null ? nullCell : row.key;
  }
}

/** The plan's columns that any row of the group fills, in the plan's order. */
export function columnsOf({ plan, rows }: SinkGroup) {
  const filled = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row.fields)) filled.add(name);
  return plan.fields.filter((field) => filled.has(field.name) && field.name !== plan.keyField);
}

async function setState(client: SalesforceClient, jobId: string, state: string): Promise<void> {
  await client.call({
    api: "bulk_job",
    method: "PATCH",
    path: `jobs/ingest/${jobId}`,
    body: JSON.stringify({ state }),
    write: true,
  });
}

/** Aborts a job; one that has ended or is gone stays as it is. */
export async function abortJob(client: SalesforceClient, jobId: string): Promise<void> {
  await client.call({
    api: "bulk_job",
    method: "PATCH",
    path: `jobs/ingest/${jobId}`,
    body: JSON.stringify({ state: "Aborted" }),
    accept: [400, 404, 409],
  });
}

const states: Readonly<Record<string, JobState["state"]>> = {
  Open: "open",
  UploadComplete: "uploaded",
  InProgress: "running",
  JobComplete: "done",
  Failed: "failed",
  Aborted: "aborted",
};

interface JobInfo {
  readonly id: string;
  readonly object: string;
  readonly state: string;
  readonly createdById: string;
  readonly createdDate: string;
  readonly numberRecordsProcessed?: number;
  readonly numberRecordsFailed?: number;
  readonly errorMessage?: string;
}

/** How a job stands; `missing` where Salesforce no longer knows it. */
export async function jobState(client: SalesforceClient, jobId: string): Promise<JobState> {
  const reply = await client.call({
    api: "bulk_job",
    method: "GET",
    path: `jobs/ingest/${jobId}`,
    accept: [404],
  });
  if (reply.statusCode === 404) {
    return { id: jobId, state: "missing", processed: 0, failed: 0, message: null };
  }
  const info = JSON.parse(reply.body) as JobInfo;
  return {
    id: jobId,
    state: stateOf(info.state),
    processed: info.numberRecordsProcessed ?? 0,
    failed: info.numberRecordsFailed ?? 0,
    message: info.errorMessage ?? null,
  };
}

function stateOf(said: string): JobState["state"] {
  const state = states[said];
  if (state === undefined) {
    throw new CutoverError("SINK_SYSTEM_UNKNOWN", `A bulk job is in an unknown state: ${said}.`);
  }
  return state;
}

/** Results by key: inserts carry ours in the upload, updates and deletes the row's id. */
export async function jobResults(
  client: SalesforceClient,
  jobId: string,
  group: SinkGroup,
): Promise<RowResults> {
  const results = new Map<string, RowResult>();
  const { plan, operation } = group;
  const column = operation === "insert" ? plan.keyField : "Id";
  const keys = new Map(
    group.rows.map((row) => [
      operation === "insert" ? row.key : (row.destinationId as string),
      row.key,
    ]),
  );
  const ended = { insert: "created", update: "updated", delete: "deleted" } as const;
  const successful = await file(client, jobId, "successfulResults");
  for (const [id, name] of csvColumns(successful, ["sf__Id", column])) {
    const result = { kind: ended[operation], destinationId: alone(id as string) };
    results.set(resultKey(plan.object, named(name as string)), result);
  }
  const failed = await file(client, jobId, "failedResults");
  for (const [error, name] of csvColumns(failed, ["sf__Error", column])) {
    const result = bulkRefusal(alone(error as string), plan.keyField);
    results.set(resultKey(plan.object, named(name as string)), result);
  }
  return results;

  function named(name: string): string {
    const key = keys.get(name);
    if (key !== undefined) return key;
    throw new CutoverError(
      "SINK_SYSTEM_UNKNOWN",
      `Job ${jobId} returned a row that was not sent in it: ${name}.`,
    );
  }
}

/** A copy of its own: a slice would keep the whole result file in memory as long as it lives. */
function alone(slice: string): string {
  return Buffer.from(slice).toString();
}

async function file(client: SalesforceClient, jobId: string, which: string): Promise<string> {
  const reply = await client.call({
    api: "bulk_results",
    method: "GET",
    path: `jobs/ingest/${jobId}/${which}`,
    headers: { accept: "text/csv" },
  });
  return reply.body;
}

/** Ingest jobs of our user that have not ended. */
export async function openJobs(client: SalesforceClient, userId: string) {
  const found: { id: string; object: string; state: JobState["state"]; createdAt: number }[] = [];
  let path: string | null = "jobs/ingest?jobType=V2Ingest";
  while (path !== null) {
    const reply = await client.call({ api: "bulk_job", method: "GET", path });
    const page = JSON.parse(reply.body) as {
      records: readonly JobInfo[];
      nextRecordsUrl: string | null;
    };
    for (const info of page.records) {
      const state = stateOf(info.state);
      if (info.createdById !== userId || !["open", "uploaded", "running"].includes(state)) continue;
      const createdAt = Date.parse(info.createdDate.replace("+0000", "Z"));
      found.push({ id: info.id, object: info.object, state, createdAt });
    }
    path = page.nextRecordsUrl ?? null;
  }
  return found;
}
