import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import type { KafkaConnection } from "../pipeline/kafka/connection.ts";
import { openMetrics } from "../pipeline/stage/metrics.ts";
import { openLog } from "../pipeline/stage/log.ts";
import type { Stage } from "../pipeline/stage/stage.ts";

/** A connection to the tests' stack with a blob folder of its own. */
export function testConnection(clientId = "test"): KafkaConnection {
  return {
    brokers: inject("brokers"),
    registry: inject("registry"),
    blobFolder: mkdtempSync(join(tmpdir(), "cutover-blobs-")),
    clientId: `${clientId}-${process.pid}`,
  };
}

/** A migration name no other test uses. */
export function migrationName(of: string): string {
  return `t-${of}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
}

/** A stage for code under test; abort `stop` to drain it. */
export function testStage(name: string): Stage & { readonly stop: AbortController } {
  const stop = new AbortController();
  return { log: openLog(name), metrics: openMetrics(), stopping: stop.signal, stop };
}
