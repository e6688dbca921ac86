import { type KafkaConnection, sharedConfig } from "./connection.ts";

/** Settings with their reasons: fetch tuning was measured, see ADR 0003. */
export function consumerConfig(connection: KafkaConnection, group: string) {
  return {
    ...sharedConfig(connection),
    "group.id": group,
    "enable.auto.commit": false,
    "enable.auto.offset.store": false,
    "isolation.level": "read_committed" as const,
    // An end of partition carries the position past commit markers, and ends the native wait early.
    "enable.partition.eof": true,
    // The default of 1000 ms stalls a full local queue for a second (librdkafka #2879).
    "fetch.queue.backoff.ms": 10,
    "fetch.wait.max.ms": 50,
    // Compressed bytes: our records unpack to ten times as much, all of it native memory.
    "max.partition.fetch.bytes": 512 * 1024,
    "fetch.max.bytes": 2 * 1024 * 1024,
    // Bounds the memory of the whole consumer, not of one partition.
    "queued.max.messages.kbytes": 8 * 1024,
    "queued.min.messages": 5_000,
  };
}
