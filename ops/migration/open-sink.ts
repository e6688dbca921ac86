import { type Log, openLog } from "../../pipeline/stage/log.ts";
import { type Metrics, openMetrics } from "../../pipeline/stage/metrics.ts";
import type { Sink } from "../../sinks/sink.ts";
import { destinationOf } from "./destinations/index.ts";
import type { Migration } from "./migration-file.ts";

/** The migration's destination, signed in as the migration's own user. */
export function openSink(
  { file, stateFolder }: Migration,
  process: string,
  parts: { readonly log: Log; readonly metrics: Metrics } = {
    // A command speaks to a person; its log is for what goes wrong.
    log: openLog(process, "warn"),
    metrics: openMetrics(),
  },
): Promise<Sink> {
  return destinationOf(file.destination).openSink({ process, stateFolder, ...parts });
}
