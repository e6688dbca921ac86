import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Memory } from "./memory.ts";

const everyMs = 5000;

/** Shows how far the loader is behind: records not read, and the age of the oldest in hand. */
export class LoadLag {
  readonly #connection: KafkaConnection;
  readonly #stage: Stage;
  readonly #memory: Memory;
  readonly #topics: readonly string[];
  #at = 0;
  /** As of the last look: they only grow. */
  #ends: ReadonlyMap<string, readonly number[]> = new Map();

  constructor(
    connection: KafkaConnection,
    stage: Stage,
    memory: Memory,
    topics: readonly string[],
  ) {
    this.#connection = connection;
    this.#stage = stage;
    this.#memory = memory;
    this.#topics = topics;
  }

  /** Looks again where the last look is old; never waits. */
  update(positions: readonly TopicOffset[]): void {
    if (performance.now() - this.#at < everyMs) return;
    this.#at = performance.now();
    this.#stage.metrics.lagSeconds.set({ stage: "load" }, this.#oldestMs() / 1000);
    highWatermarks(this.#connection, this.#topics).then(
      (ends) => this.#show(ends, positions),
      () => {},
    );
  }

  /** At least so many records of these topics wait to be read. */
  notRead(topics: ReadonlySet<string>, positions: readonly TopicOffset[]): number {
    return positions
      .filter(({ topic }) => topics.has(topic))
      .reduce((sum, place) => sum + this.#behind(place), 0);
  }

  #behind({ topic, partition, offset }: TopicOffset): number {
    return Math.max(0, (this.#ends.get(topic)?.[partition] ?? 0) - offset);
  }

  #show(ends: ReadonlyMap<string, readonly number[]>, positions: readonly TopicOffset[]): void {
    this.#ends = ends;
    for (const topic of this.#topics) {
      const behind = this.notRead(new Set([topic]), positions);
      this.#stage.metrics.lagRecords.set({ stage: "load", topic }, behind);
    }
  }

  #oldestMs(): number {
    const now = performance.now();
    let oldest = now;
    for (const { newest, open } of this.#memory.values()) {
      oldest = Math.min(oldest, newest?.takenAt ?? now, open?.taken?.takenAt ?? now);
    }
    return now - oldest;
  }
}
