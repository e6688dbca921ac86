import { sourceTopic } from "../../topics/index.ts";
import { CutoverError } from "../core/errors.ts";
import { openCodecs } from "../kafka/codec.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import {
  type BatchConsumer,
  type Consumed,
  openGroupConsumer,
  type TopicOffset,
} from "../kafka/consumer.ts";
import { openTransactionalProducer, type TransactionalProducer } from "../kafka/producer.ts";
import type { CompiledPlan } from "../mapping/compile.ts";
import { failpoint } from "../stage/failpoint.ts";
import { pause, type Stage } from "../stage/stage.ts";
import { requireApproval } from "./gates.ts";
import { LagMeter } from "./lag-meter.ts";
import { type MapBatch, type MappedBatch, openMapBatch } from "./map-batch.ts";

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

/** Large enough to make a transaction's fixed cost small, small enough to be gone in a tenth of a second. */
const batchRecords = 2000;

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
  const transformer = new Transformer(
    stage,
    producer,
    map,
    new LagMeter(connection, stage, topics),
  );
  const consumer = await openGroupConsumer(connection, {
    group,
    instance: `${group}.${instance}`,
    topics,
    onRevoked: () => transformer.revoked(),
  });
  try {
    await transformer.run(consumer);
  } finally {
    await consumer.close();
    await producer.close();
  }
}

/** A batch as read, and where reading would go on behind it. */
interface Batch {
  readonly records: readonly Consumed[];
  readonly positions: readonly TopicOffset[];
  /** Number of revocations before it was asked for: one since then makes its offsets others' business. */
  readonly assignment: number;
}

/** The loop; the only one that changes what it has committed. */
class Transformer {
  readonly #stage: Stage;
  readonly #producer: TransactionalProducer;
  readonly #map: MapBatch;
  readonly #lag: LagMeter;
  readonly #committed = new Map<string, number>();
  #assignment = 0;

  constructor(stage: Stage, producer: TransactionalProducer, map: MapBatch, lag: LagMeter) {
    this.#stage = stage;
    this.#producer = producer;
    this.#map = map;
    this.#lag = lag;
  }

  /** Partitions are taken away: what was read of them and is not committed is dropped. */
  revoked(): void {
    this.#assignment += 1;
    this.#committed.clear();
  }

  async run(consumer: BatchConsumer): Promise<void> {
    let next = this.#read(consumer);
    while (!this.#stage.stopping.aborted) {
      const batch = await next;
      // The next batch is on its way while this one is mapped and committed.
      next = this.#read(consumer);
      next.catch(() => {});
      if (await this.#settled(consumer, batch)) continue;
      await next;
      await this.#backToCommitted(consumer);
      next = this.#read(consumer);
    }
    await next;
  }

  async #read(consumer: BatchConsumer): Promise<Batch> {
    const assignment = this.#assignment;
    const records = await consumer.poll(batchRecords);
    if (records.length > 0) failpoint("transform.polled");
    return { records, positions: [...consumer.positions()], assignment };
  }

  /** False where nothing of the batch was committed and it must be read again. */
  async #settled(consumer: BatchConsumer, batch: Batch): Promise<boolean> {
    const { records, positions } = batch;
    this.#lag.round(records.length, positions);
    const oldest = records[0]?.timestamp;
    this.#stage.metrics.lagSeconds.set(
      { stage: "transform" },
      oldest === undefined ? 0 : Math.max(0, (Date.now() - oldest) / 1000),
    );
    const moved = positions.filter((place) => this.#committed.get(placeId(place)) !== place.offset);
    if (records.length === 0 && moved.length === 0) return true;
    try {
      const mapped = await this.#map(records);
      mapped.tally.check();
      await this.#commit(consumer, { ...batch, positions: moved }, mapped);
      mapped.tally.report(this.#stage.metrics);
      return true;
    } catch (error) {
      if (!isRepeatable(error)) throw error;
      this.#stage.log.warn({
        event: "batch_repeated",
        records: records.length,
        reason: reason(error),
      });
      return false;
    }
  }

  async #commit(consumer: BatchConsumer, batch: Batch, { outputs }: MappedBatch): Promise<void> {
    await this.#producer.transaction((tx) => {
      for (const { topic, key, value, headers } of outputs) tx.send(topic, key, value, headers);
      failpoint("transform.produced");
      if (batch.assignment !== this.#assignment) throw new Revoked();
      tx.sendOffsets(consumer, batch.positions);
    });
    failpoint("transform.committed");
    if (outputs.length > 0)
      this.#stage.metrics.batchRows.observe({ stage: "transform" }, outputs.length);
    if (batch.assignment !== this.#assignment) return;
    for (const place of batch.positions) this.#committed.set(placeId(place), place.offset);
  }

  /** Everything read and not committed is read again, whoever's partitions these are by now. */
  async #backToCommitted(consumer: BatchConsumer): Promise<void> {
    await pause(100, this.#stage.stopping);
    this.#committed.clear();
    await consumer.seek(await consumer.committed());
  }
}

/** Partitions moved on between reading and committing. */
class Revoked extends Error {}

function isRepeatable(error: unknown): boolean {
  if (error instanceof Revoked) return true;
  if (!(error instanceof CutoverError)) return false;
  return error.code === "TRANSACTION_ABORTED" || error.code === "TRANSACTION_UNKNOWN";
}

function reason(error: unknown): string {
  return error instanceof CutoverError ? error.code : "partitions revoked";
}

function placeId({ topic, partition }: TopicOffset): string {
  return `${topic}/${partition}`;
}
