import type { KafkaConsumer, Metadata } from "node-rdkafka";
import { CutoverError } from "../core/errors.ts";
import { wrapKafkaError } from "./kafka-errors.ts";

/** One partition of a topic. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

/** A place in a partition. */
export interface TopicOffset extends Partition {
  readonly offset: number;
}

/** How long the broker may take to say what there is. */
export const metadataTimeoutMs = 15_000;

/** Where a group stands in these partitions; 0 where it has committed nothing. */
export function committedOf(
  raw: KafkaConsumer,
  partitions: readonly Partition[],
): Promise<readonly TopicOffset[]> {
  return new Promise((resolve, reject) => {
    raw.committed([...partitions], metadataTimeoutMs, (error, found) => {
      if (error) {
        reject(wrapKafkaError(error));
        return;
      }
      resolve(
        found.map(({ topic, partition, offset }) => ({
          topic,
          partition,
          offset: typeof offset === "number" && offset >= 0 ? offset : 0,
        })),
      );
    });
  });
}

/** Where to begin in these partitions: at the named places, at 0 elsewhere. */
export function placesFrom(
  partitions: readonly Partition[],
  named: readonly TopicOffset[],
): TopicOffset[] {
  return partitions.map(({ topic, partition }) => {
    const place = named.find((each) => each.topic === topic && each.partition === partition);
    return { topic, partition, offset: place?.offset ?? 0 };
  });
}

/** All partitions of these topics; throws TOPIC_CONFLICT where one does not exist. */
export async function partitionsOf(
  client: Pick<KafkaConsumer, "getMetadata">,
  topics: readonly string[],
): Promise<Partition[]> {
  const found: Partition[] = [];
  for (const topic of topics) {
    const metadata = await new Promise<Metadata>((resolve, reject) => {
      client.getMetadata({ topic, allTopics: false, timeout: metadataTimeoutMs }, (error, data) =>
        error ? reject(wrapKafkaError(error)) : resolve(data),
      );
    });
    const partitions = metadata.topics.find((known) => known.name === topic)?.partitions ?? [];
    if (partitions.length === 0) {
      throw new CutoverError(
        "TOPIC_CONFLICT",
        `Topic ${topic} does not exist: run \`cutover topics apply\`.`,
      );
    }
    found.push(...partitions.map(({ id }) => ({ topic, partition: id })));
  }
  return found;
}
