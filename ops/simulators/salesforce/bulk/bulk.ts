import { rmSync } from "node:fs";
import type { Org } from "../org.ts";
import type { Route } from "../rest/call.ts";
import { ingestRoutes } from "./ingest-routes.ts";
import { type IngestParts, runIngest } from "./ingest-run.ts";
import { type Job, jobStore } from "./job.ts";
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
  /** Drops jobs and their results once they are seven days old. */
  purge(): void;
  stop(): Promise<void>;
}

/** Opens the bulk side of an org. */
export function bulkOf(org: Org): Bulk {
  const jobs = jobStore(org);
  const lanes = lanesOf(() => org.settings.current().processing.lanes);
  const parts: IngestParts = { org, jobs, lanes };
  const all = (): Job[] => [...jobs.list("ingest"), ...jobs.list("query")];
  const purge = (): void => {
    for (const job of all()) {
      if (isRunning(job) || job.created >= org.clock.now() - keptMs) continue;
      jobs.remove(job);
      rmSync(uploadPath(org, job.id), { force: true });
    }
  };
  return {
    routes: [...ingestRoutes(parts), ...bulkQueryRoutes(parts)],
    resume() {
      purge();
      for (const job of all().filter(isRunning)) {
        const run = job.kind === "ingest" ? runIngest : runQueryJob;
        lanes.start(() => run(parts, job.id));
      }
    },
    purge,
    stop: () => lanes.stop(),
  };
}

function isRunning({ state }: Job): boolean {
  return state === "UploadComplete" || state === "InProgress";
}
