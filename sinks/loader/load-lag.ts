import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import type { TopicOffset } from "../../pipeline/kafka/consumer.ts";
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

  #show(ends: ReadonlyMap<string, readonly number[]>, positions: readonly TopicOffset[]): void {
    for (const topic of this.#topics) {
      let behind = 0;
      for (const place of positions.filter((each) => each.topic === topic)) {
        behind += Math.max(0, (ends.get(topic)?.[place.partition] ?? 0) - place.offset);
      }
      this.#stage.metrics.lagRecords.set({ stage: "load", topic }, behind);
    }
  }

  #oldestMs(): number {
    const now = performance.now();
    let oldest = now;
    for (const { newest, open } of this.#memory.values()) {
      oldest = Math.min(oldest, newest?.takenAt ?? now, open?.sent?.taken.takenAt ?? now);
    }
    return now - oldest;
  }
}
