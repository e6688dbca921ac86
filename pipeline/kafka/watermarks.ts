import rdkafka, { type KafkaConsumer } from "node-rdkafka";
import { connectOptions } from "./connect-options.ts";
import { type KafkaConnection, sharedConfig } from "./connection.ts";
import { partitionsOf } from "./partitions.ts";
import { wrapKafkaError } from "./kafka-errors.ts";

const clients = new Map<string, Promise<KafkaConsumer>>();

/** A broker that has not answered by then is not slow but away. */
const answerMs = 30_000;

/** Sees acknowledged commits at once; kafkajs' admin returns the last stable offset, which may lag behind. */
function client(connection: KafkaConnection, group: string): Promise<KafkaConsumer> {
  const id = `${connection.brokers}|${group}`;
  let opening = clients.get(id);
  if (opening === undefined) {
    opening = open(connection, group);
    clients.set(id, opening);
    // A connection that did not come about is tried anew by whoever asks next.
    opening.catch(() => clients.delete(id));
  }
  return opening;
}

function open(connection: KafkaConnection, group: string): Promise<KafkaConsumer> {
  const raw = new rdkafka.KafkaConsumer(
    {
      ...sharedConfig(connection),
      "group.id": group,
      "enable.auto.commit": false,
      "isolation.level": "read_uncommitted",
    },
    {},
  );
  raw.on("event.error", () => {});
  return new Promise((resolve, reject) => {
    raw.connect(connectOptions(15_000), (error) =>
      error ? reject(wrapKafkaError(error)) : resolve(raw),
    );
  });
}

/** End of every partition, read uncommitted. */
export async function highWatermarks(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const raw = await client(connection, `${connection.clientId}.watermarks`);
  const partitions = await knownPartitions(connection, raw, topics);
  const ends = await Promise.all(
    partitions.map(
      ({ topic, partition }) =>
        new Promise<number>((resolve, reject) => {
          raw.queryWatermarkOffsets(topic, partition, answerMs, (error, offsets) =>
            error ? reject(wrapKafkaError(error)) : resolve(offsets.highOffset),
          );
        }),
    ),
  );
  return byTopic(topics, partitions, ends);
}

/** Committed offsets of a group, 0 where there is none. */
export async function groupPositions(
  connection: KafkaConnection,
  group: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const raw = await client(connection, group);
  const partitions = await knownPartitions(connection, raw, topics);
  const found = await new Promise<rdkafka.TopicPartitionOffset[]>((resolve, reject) => {
    raw.committed(partitions, answerMs, (error, offsets) =>
      error ? reject(wrapKafkaError(error)) : resolve(offsets),
    );
  });
  const offsets = partitions.map(({ topic, partition }) => {
    const place = found.find((each) => each.topic === topic && each.partition === partition);
    return place !== undefined && place.offset >= 0 ? place.offset : 0;
  });
  return byTopic(topics, partitions, offsets);
}

const known = new Map<string, { topic: string; partition: number }[]>();

/** Partitions per topic, asked once: Kafka cannot shrink them, and ours are never grown in a run. */
async function knownPartitions(
  connection: KafkaConnection,
  raw: KafkaConsumer,
  topics: readonly string[],
): Promise<{ topic: string; partition: number }[]> {
  const all: { topic: string; partition: number }[] = [];
  for (const topic of topics) {
    const id = `${connection.brokers}|${topic}`;
    let partitions = known.get(id);
    if (partitions === undefined) {
      partitions = await partitionsOf(raw, [topic]);
      known.set(id, partitions);
    }
    all.push(...partitions);
  }
  return all;
}

function byTopic(
  topics: readonly string[],
  partitions: readonly { topic: string; partition: number }[],
  offsets: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const result = new Map<string, number[]>(topics.map((topic) => [topic, []]));
  for (const [index, { topic, partition }] of partitions.entries()) {
    const list = result.get(topic) as number[];
    list[partition] = offsets[index] as number;
  }
  return result;
}

/** Closes the clients this process keeps for watermarks and positions. */
export async function closeWatermarks(): Promise<void> {
  const open = [...clients.values()];
  clients.clear();
  for (const opening of open) {
    const raw = await opening.catch(() => undefined);
    if (raw !== undefined) await new Promise<void>((resolve) => raw.disconnect(() => resolve()));
  }
}
