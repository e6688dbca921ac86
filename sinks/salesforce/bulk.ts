import { CutoverError } from "../../pipeline/core/errors.ts";
import type { JobState, SinkGroup } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";

type Group = Pick<SinkGroup, "plan" | "operation">;

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

/** Moves a job to a state. */
export async function setJobState(
  client: SalesforceClient,
  jobId: string,
  state: "UploadComplete",
): Promise<void> {
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
    state: bulkState(info.state),
    processed: info.numberRecordsProcessed ?? 0,
    failed: info.numberRecordsFailed ?? 0,
    message: info.errorMessage ?? null,
  };
}

/** A state as Salesforce names it; an unknown one stops. */
export function bulkState(said: string): JobState["state"] {
  const state = states[said];
  if (state === undefined) {
    throw new CutoverError("SINK_SYSTEM_UNKNOWN", `A bulk job is in an unknown state: ${said}.`);
  }
  return state;
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
      const state = bulkState(info.state);
      if (info.createdById !== userId || !["open", "uploaded", "running"].includes(state)) continue;
      const createdAt = Date.parse(info.createdDate.replace("+0000", "Z"));
      found.push({ id: info.id, object: info.object, state, createdAt });
    }
    path = page.nextRecordsUrl ?? null;
  }
  return found;
}
