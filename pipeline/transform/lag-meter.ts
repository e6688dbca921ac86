import { CutoverError } from "../core/errors.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import type { TopicOffset } from "../kafka/partitions.ts";
import { Watchdog } from "../kafka/watchdog.ts";
import { highWatermarks } from "../kafka/watermarks.ts";
import type { Stage } from "../stage/stage.ts";

const everyMs = 5000;
/** A rebalance and a rebuilt producer together take less; more is a client that hangs. */
const stallMs = 120_000;

/** Measures how far the stage is behind, and says when it stands still although there is work. */
export class LagMeter {
  readonly #connection: KafkaConnection;
  readonly #stage: Stage;
  readonly #topics: readonly string[];
  readonly #watchdog: Watchdog;
  #measuredAt = 0;
  #measuring = false;
  #stalled = false;

  constructor(connection: KafkaConnection, stage: Stage, topics: readonly string[]) {
    this.#connection = connection;
    this.#stage = stage;
    this.#topics = topics;
    this.#watchdog = new Watchdog(stage, stallMs, () => {
      this.#stalled = true;
    });
  }

  /** Called once a round, with how many records it had; measures now and then, beside the work. */
  round(records: number, positions: readonly TopicOffset[]): void {
    if (records > 0) this.#watchdog.progressed();
    if (this.#stalled) {
      throw new CutoverError("BROKER_UNAVAILABLE", "Reading stands still although records wait.");
    }
    const now = performance.now();
    if (this.#measuring || now - this.#measuredAt < everyMs) return;
    this.#measuredAt = now;
    this.#measuring = true;
    void this.#measure(positions).finally(() => {
      this.#measuring = false;
    });
  }

  async #measure(positions: readonly TopicOffset[]): Promise<void> {
    try {
      const ends = await highWatermarks(this.#connection, this.#topics);
      const lags = new Map<string, number>();
      for (const { topic, partition, offset } of positions) {
        const lag = Math.max(0, (ends.get(topic)?.[partition] ?? 0) - offset);
        lags.set(topic, (lags.get(topic) ?? 0) + lag);
      }
      let all = 0;
      for (const [topic, lag] of lags) {
        this.#stage.metrics.lagRecords.set({ stage: "transform", topic }, lag);
        all += lag;
      }
      this.#watchdog.check(all);
    } catch (error) {
      // A missing measurement is no reason to stop: the loop meets a broker that is down by itself.
      this.#stage.log.warn({ event: "lag_unknown", reason: (error as Error).message });
    }
  }
}
