import { mkdirSync } from "node:fs";
import type { Plan } from "../../pipeline/core/plan.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { type BatchConsumer, openAssignedConsumer } from "../../pipeline/kafka/consumer.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Sink } from "../sink.ts";
import { openComparer } from "./comparable.ts";
import type { ClickHouseAddress, Database } from "./database.ts";
import { FindingSearch } from "./finding.ts";
import { type Intake, openIntake } from "./intake.ts";
import { Judging } from "./judging.ts";
import { noteLag } from "./lag.ts";
import { openDatabase } from "./open-database.ts";
import { writePlan } from "./plan-rows.ts";
import { buildReport } from "./report.ts";
import { serveLedger } from "./server.ts";
import { statusOf } from "./status.ts";
import { Writer } from "./writer.ts";

/** What the ledger works with. */
export interface LedgerOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly plan: Plan;
  /** The sink's canonical text of a value. */
  readonly canonical: Sink["canonical"];
  readonly clickhouse: ClickHouseAddress;
  /** 0 takes any. */
  readonly httpPort: number;
  /** Told the base URL once the ledger answers. */
  readonly onReady?: (url: string) => void;
}

/** Longest a row waits for others to be written with it. */
const flushMs = 500;

/** How often the lag is asked for: one call per partition. */
const lagMs = 10_000;

/**
 * Writes everything that happens into ClickHouse and answers questions about it, until the stage is
 * stopped. Offsets are kept beside the rows, so an empty database is filled from the beginning, and
 * what is read twice folds.
 */
export async function runLedger(options: LedgerOptions): Promise<void> {
  const { stage, connection, migration, plan } = options;
  if ("path" in options.clickhouse) mkdirSync(options.clickhouse.path, { recursive: true });
  const database = await openDatabase(options.clickhouse);
  await writePlan(database, plan);
  const objects = [...new Set(plan.objects.map((each) => each.object))];
  const comparer = openComparer(plan, options.canonical);
  const intake = openIntake({ migration, objects, codecs: openCodecs(connection), comparer });
  const { consumer, positions } = await openReading(connection, migration, intake, database);
  const writer = new Writer(database, positions);
  const judging = new Judging(database, writer);
  const findings = new FindingSearch(database, judging);
  const { url, server } = await serveLedger(
    {
      database,
      metrics: stage.metrics,
      positions: () => byTopic(writer.positions()),
      fresh: () => judging.fresh(),
      found: () => findings.fresh(),
      status: () => judging.during(() => statusOf(database, migration)),
      report: () => findings.during(() => buildReport({ query: (sql) => database.select(sql) })),
    },
    options.httpPort,
  );
  options.onReady?.(url);
  stage.log.info({ event: "ledger_opened", url, topics: intake.topics.length });
  try {
    await follow(options, consumer, intake, writer);
  } finally {
    server.close();
    server.closeAllConnections();
    await consumer.close();
    await database.close();
    await closeWatermarks();
  }
}

async function openReading(
  connection: KafkaConnection,
  migration: string,
  intake: Intake,
  database: Database,
): Promise<{ consumer: BatchConsumer; positions: readonly TopicOffset[] }> {
  const consumer = await openAssignedConsumer(connection, {
    group: `${migration}.ledger`,
    topics: intake.topics,
    from: "beginning",
  });
  const known = await database.select<TopicOffset>(
    "SELECT topic, partition, max(offset) AS offset FROM position GROUP BY topic, partition",
  );
  const positions = known.filter(({ topic }) => intake.topics.includes(topic));
  await consumer.seek(positions.filter(({ offset }) => offset > 0));
  return { consumer, positions };
}

/** One loop: read, turn into rows, write what is full or has waited. */
async function follow(
  { stage, connection }: LedgerOptions,
  consumer: BatchConsumer,
  intake: Intake,
  writer: Writer,
) {
  let flushedAt = performance.now();
  let lagAt = flushedAt;
  while (!stage.stopping.aborted) {
    const records = await consumer.poll(1000);
    for (const record of records) {
      const bytes = record.value?.length ?? 0;
      const waiting = intake.take(record, (table, row) => writer.add(table, row, bytes));
      if (waiting !== undefined) await waiting;
    }
    stage.metrics.records.inc({ stage: "ledger", object: "all", outcome: "read" }, records.length);
    const isDue = performance.now() - flushedAt >= flushMs;
    if (writer.isFull() || isDue) {
      await writer.flush(consumer.positions());
      flushedAt = performance.now();
    }
    if (performance.now() - lagAt >= lagMs) {
      // A broker that does not answer is the consumer's to wait for.
      await noteLag(stage.metrics, connection, intake.topics, writer.positions()).catch(
        (error: unknown) => stage.log.warn({ event: "lag_unknown", reason: String(error) }),
      );
      lagAt = performance.now();
    }
  }
  await writer.flush(consumer.positions());
  await writer.settle();
}

function byTopic(positions: readonly TopicOffset[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {};
  for (const { topic, partition, offset } of positions) {
    topics[topic] ??= [];
    topics[topic][partition] = offset;
  }
  return topics;
}
