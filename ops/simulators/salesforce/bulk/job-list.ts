import { type Call, dataPath, ok, type Reply } from "../rest/call.ts";
import { takeFault } from "../fault-kinds.ts";
import type { Job, JobStore } from "./job.ts";
import { bulkError } from "./job-reply.ts";

const pageJobs = 1_000;

/** A page of an org's jobs, newest first, by the filters clients send. */
export function jobList(
  call: Call,
  jobs: JobStore,
  kind: Job["kind"],
  show: (job: Job) => object,
): Reply {
  const wanted = call.query.get("jobType");
  const own = kind === "ingest" ? "V2Ingest" : "V2Query";
  const chunking = call.query.get("isPkChunkingEnabled") === "true";
  const all = chunking || (wanted !== null && wanted !== own) ? [] : jobs.list(kind);
  const locator = call.query.get("queryLocator") ?? "";
  const from = locator === "" ? 0 : placeOf(locator);
  const rows = takeFault(call.org, "small_pages", "jobs")?.rows ?? pageJobs;
  const to = from + rows;
  const done = to >= all.length;
  const next = `${dataPath(call.version)}/jobs/${kind}?queryLocator=${locatorOf(to)}`;
  const records = all.slice(from, to).map((job) => show(job));
  return ok({ done, records, nextRecordsUrl: done ? null : next });
}

/** A place in a list as the opaque text clients send back. */
export function locatorOf(place: number): string {
  return Buffer.from(String(place)).toString("base64url");
}

/** The place a locator names; throws where it names none. */
export function placeOf(locator: string): number {
  const place = Number(Buffer.from(locator, "base64url").toString("utf8"));
  if (Number.isInteger(place) && place >= 0) return place;
  throw bulkError("INVALIDQUERYLOCATOR", "invalid query locator");
}
