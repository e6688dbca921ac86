import { expect, test } from "vitest";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { BatchConsumer, Consumed } from "../../pipeline/kafka/consumer.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import type { Transaction, TransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import type { LagMeter } from "../../pipeline/transform/lag-meter.ts";
import type { MappedBatch } from "../../pipeline/transform/map-batch.ts";
import { Tally } from "../../pipeline/transform/tally.ts";
import { TransformLoop } from "../../pipeline/transform/transform-loop.ts";

const topic = "m.source.job";

function consumed(offset: number): Consumed {
  const value = Buffer.from("");
  return { topic, partition: 0, offset, key: String(offset), value, headers: {}, timestamp: 1 };
}

/** A log of ten records in one partition, read two at a time, and what was committed of it. */
class Broker {
  readonly sent: string[] = [];
  readonly stop = new AbortController();
  position = 0;
  committed = 0;
  assigned = true;
  /** Called before each commit; throws what the broker would. */
  beforeCommit: (attempt: number) => void = () => {};
  #attempts = 0;

  readonly consumer = {
    poll: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (!this.assigned) return [];
      const records = [];
      while (records.length < 2 && this.position < 10) records.push(consumed(this.position++));
      if (this.committed === 10) this.stop.abort();
      return records;
    },
    // As the real one: positions are kept until others are assigned.
    positions: () => [{ topic, partition: 0, offset: this.position }],
    assignment: () => (this.assigned ? [{ topic, partition: 0 }] : []),
    committed: async () => [{ topic, partition: 0, offset: this.committed }],
    seek: async ([place]: readonly TopicOffset[]) => {
      this.position = place?.offset ?? 0;
    },
  } as unknown as BatchConsumer;

  readonly producer: TransactionalProducer = {
    transaction: async (work) => {
      const sent: string[] = [];
      let offset = this.committed;
      const tx: Transaction = {
        send: (_topic, key) => sent.push(key),
        sendOffsets: (_consumer, [place]) => {
          offset = place?.offset ?? offset;
        },
      };
      await work(tx);
      this.beforeCommit((this.#attempts += 1));
      this.sent.push(...sent);
      this.committed = offset;
    },
    close: async () => {},
  };

  loop(map = mapAll): TransformLoop {
    const stage = { log: openLog("test"), metrics: openMetrics(), stopping: this.stop.signal };
    const lag = { round: () => {} } as unknown as LagMeter;
    return new TransformLoop(stage, this.producer, map, lag);
  }
}

async function mapAll(records: readonly Consumed[]): Promise<MappedBatch> {
  const tally = new Tally();
  const outputs = records.map(({ key }) => {
    tally.taken("Case");
    tally.count("Case", "mapped");
    return { topic: "m.load.Case", key: String(key), value: Buffer.from("") };
  });
  return { outputs, tally };
}

const everyKey = Array.from({ length: 10 }, (_, offset) => String(offset));

test("every record is sent once although transactions abort and fates are unknown", async () => {
  const broker = new Broker();
  broker.beforeCommit = (attempt) => {
    if (attempt === 2) throw new CutoverError("TRANSACTION_ABORTED", "aborted");
    if (attempt === 4) throw new CutoverError("TRANSACTION_UNKNOWN", "who knows");
  };
  await broker.loop().run(broker.consumer);
  expect(broker.sent).toEqual(everyKey);
});

test("what was read of partitions that moved on is dropped, and never committed as read", async () => {
  const broker = new Broker();
  let revocations = 0;
  const loop = broker.loop(async (records) => {
    if (records[0]?.offset === 4 && revocations === 0) {
      revocations += 1;
      broker.assigned = false;
      loop.revoked();
      // The rebalance gives the partition back, from what was committed, some polls later.
      setTimeout(() => {
        broker.position = broker.committed;
        broker.assigned = true;
      }, 150);
    }
    return mapAll(records);
  });
  await loop.run(broker.consumer);
  expect(revocations).toBe(1);
  expect(broker.sent).toEqual(everyKey);
});

test("a batch that does not add up ends the process before anything of it is committed", async () => {
  const broker = new Broker();
  const loop = broker.loop(async (records) => {
    const batch = await mapAll(records);
    batch.tally.taken("Case");
    return batch;
  });
  await expect(loop.run(broker.consumer)).rejects.toThrow("Case: 3 records were taken and 2 ended");
  expect(broker.committed).toBe(0);
});

test("a fenced transformer stops", async () => {
  const broker = new Broker();
  broker.beforeCommit = () => {
    throw new CutoverError("FENCED", "another one");
  };
  await expect(broker.loop().run(broker.consumer)).rejects.toMatchObject({ code: "FENCED" });
});
