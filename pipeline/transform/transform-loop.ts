import { CutoverError } from "../core/errors.ts";
import type { BatchConsumer, Consumed } from "../kafka/consumer.ts";
import type { TopicOffset } from "../kafka/partitions.ts";
import type { TransactionalProducer } from "../kafka/producer.ts";
import { failpoint } from "../stage/failpoint.ts";
import { pause, type Stage } from "../stage/stage.ts";
import type { LagMeter } from "./lag-meter.ts";
import type { MapBatch, MappedBatch } from "./map-batch.ts";

/** Large enough to make a transaction's fixed cost small, small enough to be gone in a tenth of a second. */
const batchRecords = 2000;
/** Between a batch that came to nothing and its repetition: a broker needs a moment. */
const retryMs = 100;

/** A batch as read, and where reading would go on behind it. */
interface Batch {
  readonly records: readonly Consumed[];
  readonly positions: readonly TopicOffset[];
  /** Number of revocations before it was asked for: one since then makes its offsets others' business. */
  readonly assignment: number;
}

/** Poll, map, commit; the only one that changes what has been committed. */
export class TransformLoop {
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
    return { records, positions: assignedPositions(consumer), assignment };
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
    await pause(retryMs, this.#stage.stopping);
    this.#committed.clear();
    if (consumer.assignment().length === 0) return;
    await consumer.seek(await consumer.committed());
  }
}

/** Partitions moved on between reading and committing. */
class Revoked extends Error {}

/** A transaction that came to nothing, or a registry that does not answer: read again and try anew. */
function isRepeatable(error: unknown): boolean {
  if (error instanceof Revoked) return true;
  return error instanceof CutoverError && error.disposition === "retry";
}

/**
 * Between losing partitions and being given others a consumer still knows where the lost ones
 * stood, past records that were dropped: committing that would lose them.
 */
function assignedPositions(consumer: BatchConsumer): TopicOffset[] {
  const ours = new Set(consumer.assignment().map(placeId));
  return consumer.positions().filter((place) => ours.has(placeId(place)));
}

function reason(error: unknown): string {
  return error instanceof CutoverError ? error.code : "partitions revoked";
}

function placeId({ topic, partition }: Pick<TopicOffset, "topic" | "partition">): string {
  return `${topic}/${partition}`;
}
