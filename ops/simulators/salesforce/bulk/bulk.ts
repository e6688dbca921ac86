import { rmSync } from "node:fs";
import type { Org } from "../org.ts";
import type { Route } from "../rest/call.ts";
import { ingestRoutes } from "./ingest-routes.ts";
import { type IngestParts, runIngest } from "./ingest-run.ts";
import { jobStore } from "./job.ts";
import { lanesOf } from "./lanes.ts";
import { bulkQueryRoutes } from "./query-routes.ts";
import { runQueryJob } from "./query-run.ts";
import { uploadPath } from "./upload-file.ts";

const keptMs = 7 * 86_400_000;

/** Bulk API 2.0: its routes and the work behind them. */
export interface Bulk {
  readonly routes: readonly Route[];
  /** Takes up the jobs an earlier process left unfinished and drops those older than seven days. */
  resume(): void;
  stop(): Promise<void>;
}

/** Opens the bulk side of an org. */
export function bulkOf(org: Org): Bulk {
  const jobs = jobStore(org);
  const lanes = lanesOf(() => org.settings.current().processing.lanes);
  const parts: IngestParts = { org, jobs, lanes };
  return {
    routes: [...ingestRoutes(parts), ...bulkQueryRoutes(parts)],
    resume() {
      for (const job of [...jobs.list("ingest"), ...jobs.list("query")]) {
        const running = job.state === "UploadComplete" || job.state === "InProgress";
        const old = job.created < org.clock.now() - keptMs;
        if (running) {
          lanes.start(() =>
            job.kind === "ingest" ? runIngest(parts, job.id) : runQueryJob(parts, job.id),
          );
        } else if (old) {
          jobs.remove(job);
          rmSync(uploadPath(org, job.id), { force: true });
        }
      }
    },
    stop: () => lanes.stop(),
  };
}
