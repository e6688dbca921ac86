import { createServer, type Server } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Every metric of the product; labels never carry a record's values. */
export interface Metrics {
  readonly registry: Registry;
  readonly records: Counter<"stage" | "object" | "outcome">;
  readonly lagRecords: Gauge<"stage" | "topic">;
  readonly lagSeconds: Gauge<"stage">;
  readonly calls: Counter<"system" | "api" | "status">;
  readonly batchRows: Histogram<"stage">;
  readonly parked: Gauge<"object" | "reason">;
  readonly rejected: Counter<"object" | "code">;
  readonly transactions: Counter<"stage" | "result">;
  readonly throttleSeconds: Counter<"system">;
}

/** The process's metrics, with Node's own. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    records: new Counter({
      name: "cutover_records_total",
      help: "Records by stage, object (or entity) and outcome.",
      labelNames: ["stage", "object", "outcome"],
      registers,
    }),
    lagRecords: new Gauge({
      name: "cutover_lag_records",
      help: "Records between a stage's committed position and the topic's end.",
      labelNames: ["stage", "topic"],
      registers,
    }),
    lagSeconds: new Gauge({
      name: "cutover_lag_seconds",
      help: "Age of the oldest record a stage has taken and not ended.",
      labelNames: ["stage"],
      registers,
    }),
    calls: new Counter({
      name: "cutover_calls_total",
      help: "Calls to the source or the destination by status class.",
      labelNames: ["system", "api", "status"],
      registers,
    }),
    batchRows: new Histogram({
      name: "cutover_batch_rows",
      help: "Rows in one batch, request or transaction.",
      labelNames: ["stage"],
      buckets: [1, 10, 50, 200, 1000, 2000, 5000, 10000],
      registers,
    }),
    parked: new Gauge({
      name: "cutover_parked_records",
      help: "Records that wait, by reason.",
      labelNames: ["object", "reason"],
      registers,
    }),
    rejected: new Counter({
      name: "cutover_rejected_total",
      help: "Records no destination row could be made of, by code.",
      labelNames: ["object", "code"],
      registers,
    }),
    transactions: new Counter({
      name: "cutover_transactions_total",
      help: "Kafka transactions by result.",
      labelNames: ["stage", "result"],
      registers,
    }),
    throttleSeconds: new Counter({
      name: "cutover_throttle_wait_seconds_total",
      help: "Seconds spent waiting because a system asked for it.",
      labelNames: ["system"],
      registers,
    }),
  };
}

/** Serves `/metrics` and `/livez` on loopback; port 0 takes any. Resolves with the port. */
export async function serveMetrics(
  metrics: Metrics,
  port: number,
): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => {
    if (request.url === "/livez") {
      response.end("ok\n");
      return;
    }
    if (request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.setHeader("content-type", metrics.registry.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  server.unref();
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : port, server };
}
