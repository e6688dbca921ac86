import { join } from "node:path";
import { type Metrics, openMetrics } from "../../pipeline/stage/metrics.ts";
import { type Log, openLog } from "../../pipeline/stage/log.ts";
import { openSalesforceSink } from "../../sinks/salesforce/salesforce-sink.ts";
import type { Sink } from "../../sinks/sink.ts";
import { type Migration, secretOf } from "./migration-file.ts";

/** How the migration's own user reaches the destination. */
export function clientOptions({ file: { destination } }: Migration) {
  return {
    loginUrl: destination.login_url,
    clientId: secretOf(destination.client_id).reveal(),
    clientSecret: secretOf(destination.client_secret),
    apiVersion: destination.api_version,
    allowLoopback: destination.allow_loopback,
    timeoutMs: destination.timeout_seconds * 1000,
  };
}

/** The migration's destination, signed in as the migration's own user. */
export function openSink(
  migration: Migration,
  process: string,
  parts: { readonly log: Log; readonly metrics: Metrics } = {
    // A command speaks to a person; its log is for what goes wrong.
    log: openLog(process, "warn"),
    metrics: openMetrics(),
  },
): Promise<Sink> {
  return openSalesforceSink({
    ...clientOptions(migration),
    saveDuplicates: migration.file.destination.save_duplicates,
    spoolFolder: join(migration.stateFolder, "uploads"),
    blobFolder: join(migration.stateFolder, "blobs"),
    ...(process === "observer"
      ? { digestFile: join(migration.stateFolder, "observer", "files.sqlite") }
      : {}),
    ...parts,
  });
}
