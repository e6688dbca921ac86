import { CutoverError } from "../core/errors.ts";
import type { KafkaConnection } from "./connection.ts";
import { type Consumed, openAssignedConsumer } from "./consumer.ts";
import { highWatermarks } from "./watermarks.ts";

const stallMs = 30_000;

/**
 * Reads topics from their beginning to their end as of now, committed records only. Used for state:
 * identity, requests, parked, control, cursors.
 */
export async function readToEnd(
  connection: KafkaConnection,
  topics: readonly string[],
  onRecord: (record: Consumed) => void | Promise<void>,
): Promise<void> {
  const ends = await highWatermarks(connection, topics);
  const consumer = await openAssignedConsumer(connection, {
    group: `${connection.clientId}.reader`,
    topics,
    from: "beginning",
  });
  try {
    let progressAt = performance.now();
    while (!reached(consumer.positions(), ends)) {
      const records = await consumer.poll(2000);
      for (const record of records) {
        const waiting = onRecord(record);
        if (waiting !== undefined) await waiting;
      }
      if (records.length > 0) progressAt = performance.now();
      if (performance.now() - progressAt > stallMs) {
        throw new CutoverError(
          "BROKER_UNAVAILABLE",
          `No progress for 30 s reading ${topics.join(", ")}.`,
        );
      }
    }
  } finally {
    await consumer.close();
  }
}

function reached(
  positions: readonly { topic: string; partition: number; offset: number }[],
  ends: ReadonlyMap<string, readonly number[]>,
): boolean {
  return positions.every(
    (place) => place.offset >= (ends.get(place.topic)?.[place.partition] ?? 0),
  );
}
