import { sourceTopic } from "../../topics/index.ts";
import { openCodecs } from "../kafka/codec.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { openGroupConsumer } from "../kafka/consumer.ts";
import { openTransactionalProducer } from "../kafka/producer.ts";
import type { CompiledPlan } from "../mapping/compile.ts";
import type { Stage } from "../stage/stage.ts";
import { requireApproval } from "./gates.ts";
import { LagMeter } from "./lag-meter.ts";
import { openMapBatch } from "./map-batch.ts";
import { TransformLoop } from "./transform-loop.ts";

/** What a transformer needs; run as many instances as there are partitions. */
export interface TransformerOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly run: number;
  /** 0, 1, …: keeps its partitions through a restart. */
  readonly instance: number;
  readonly compiled: CompiledPlan;
  readonly planHash: string;
}

/**
 * Source records to load records, until the stage stops: a batch's records, letters and offsets are
 * one transaction. Throws PLAN_NOT_CONFIRMED without the gates, FENCED when another instance of the
 * same number has taken over.
 */
export async function runTransformer(options: TransformerOptions): Promise<void> {
  const { connection, migration, run, instance, stage } = options;
  await requireApproval(connection, migration, options.planHash);
  const map = await openMapBatch({ ...options, codecs: openCodecs(connection) });
  const topics = [...options.compiled.mappers.keys()].map(
    (entity) => sourceTopic(migration, entity).name,
  );
  const group = `${migration}.transform.r${run}`;
  const producer = await openTransactionalProducer(connection, {
    transactionalId: `${group}.${instance}`,
    stage,
    failpoints: "transform",
  });
  const loop = new TransformLoop(stage, producer, map, new LagMeter(connection, stage, topics));
  const consumer = await openGroupConsumer(connection, {
    group,
    instance: `${group}.${instance}`,
    topics,
    onRevoked: () => loop.revoked(),
  });
  try {
    await loop.run(consumer);
  } finally {
    await consumer.close();
    await producer.close();
  }
}
