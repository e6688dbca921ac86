import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Sink } from "../sink.ts";

/** Aborts open jobs of our user whose id we never committed; `known` are the committed ones. */
export async function abortOrphans(
  { sink, stage }: { readonly sink: Sink; readonly stage: Stage },
  known: ReadonlySet<string | null>,
): Promise<void> {
  if (sink.jobs === undefined) return;
  try {
    for (const job of await sink.jobs.openJobs()) {
      if (job.state !== "open" || known.has(job.id)) continue;
      await sink.jobs.abortJob(job.id);
      stage.log.info({ event: "orphan_job_aborted", jobId: job.id, object: job.object });
    }
  } catch (error) {
    if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
    // An open job without rows does nothing but wait; the next start looks again.
    stage.log.warn({ event: "orphan_jobs_unknown", code: error.code });
  }
}
