import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import type { Metrics } from "../../pipeline/stage/metrics.ts";

/** Notes how far the ledger's tables are behind each topic. */
export async function noteLag(
  metrics: Metrics,
  connection: KafkaConnection,
  topics: readonly string[],
  positions: readonly TopicOffset[],
): Promise<void> {
  const at = new Map(positions.map((place) => [`${place.topic}/${place.partition}`, place.offset]));
  for (const [topic, ends] of await highWatermarks(connection, topics)) {
    const behind = ends.map((end, partition) => end - (at.get(`${topic}/${partition}`) ?? 0));
    const records = behind.reduce((sum, each) => sum + Math.max(0, each), 0);
    metrics.lagRecords.set({ stage: "ledger", topic }, records);
  }
}
