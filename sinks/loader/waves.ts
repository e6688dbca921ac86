import type { ControlState } from "../../pipeline/core/control.ts";
import type { BatchConsumer } from "../../pipeline/kafka/consumer.ts";

/** Which objects may be loaded now: the partitions of the others stay paused. */
export class Waves {
  readonly #consumer: BatchConsumer;
  readonly #topicOf: ReadonlyMap<string, string>;
  #open: ReadonlySet<string> = new Set();
  /** Load topics of the objects that may be loaded now. */
  topics: ReadonlySet<string> = new Set();

  /** `topicOf`: load topic of each object of the plan. Everything is paused at first. */
  constructor(consumer: BatchConsumer, topicOf: ReadonlyMap<string, string>) {
    this.#consumer = consumer;
    this.#topicOf = topicOf;
    consumer.pause([...topicOf.values()]);
  }

  /** Opens what the run has opened since; a wave is never closed again. */
  refresh(control: ControlState): void {
    const open = new Set(control.get("wave", "load")?.objects ?? []);
    const opened = [...open].filter((object) => !this.#open.has(object));
    this.#open = open;
    if (opened.length > 0)
      this.topics = new Set([...open].flatMap((each) => this.#topicOf.get(each) ?? []));
    const topics = opened.flatMap((object) => this.#topicOf.get(object) ?? []);
    if (topics.length > 0) this.#consumer.resume(topics);
  }
}
