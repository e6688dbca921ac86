import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../pipeline/core/plan.ts";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { controlRecord } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { loadSchema as schemaOf } from "../../pipeline/mapping/load-schema.ts";
import * as topics from "../../topics/index.ts";
import type { Topic } from "../../topics/index.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";
import { plan as everyKind } from "./ledger-plan.ts";

/** Writes to a migration's topics by hand, one partition each. */
export class TopicWriter {
  readonly migration = migrationName("ledger");
  readonly connection = testConnection("scribe");
  readonly folder = mkdtempSync(join(tmpdir(), "cutover-ledger-"));
  protected readonly plan: Plan;
  protected readonly objects: readonly string[];
  readonly #stage = testStage("scribe");
  readonly #codecs = openCodecs(this.connection);
  readonly #encoders = new Map<string, (value: never) => Buffer>();
  protected send!: (
    topic: string,
    key: string,
    value: Buffer | null,
    headers?: Record<string, string>,
  ) => Promise<number>;
  #clock = Date.now();
  readonly #closing: (() => Promise<void>)[] = [];

  /** A plan with every kind of object where none is given. */
  constructor(plan: Plan = everyKind) {
    this.plan = plan;
    this.objects = [...new Set(plan.objects.map(({ object }) => object))];
  }

  #loadSchema(object: string): object {
    return schemaOf(
      object,
      this.plan.objects.filter((each) => each.object === object),
    );
  }

  async open(): Promise<this> {
    const all = topics.allTopics(this.migration, this.objects);
    const schemas = new Map(
      this.objects.map((object) => [
        topics.loadTopic(this.migration, object).name,
        this.#loadSchema(object),
      ]),
    );
    await applyTopics(this.connection, all, { partitions: 1, schemas });
    const producer = await openTransactionalProducer(this.connection, {
      transactionalId: `${this.migration}.scribe`,
      stage: this.#stage,
    });
    this.#closing.push(() => producer.close());
    this.send = async (topic, key, value, headers) => {
      const before = (await highWatermarks(this.connection, [topic])).get(topic)?.[0] as number;
      await producer.transaction((tx) => tx.send(topic, key, value, headers));
      return before;
    };
    await this.control("run", "run", { run: 1 });
    await this.control("owners", "owners", {
      ...{ revision: 0, owners: { "technician-1": "005000000000001AAA" } },
      fallback: "005000000000009AAA",
    });
    return this;
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }

  /** Grows with every record, as a clock would. */
  now(): number {
    this.#clock += 10;
    return this.#clock;
  }

  protected async write<T>(topic: Topic<T>, value: T): Promise<number> {
    let encode = this.#encoders.get(topic.name);
    if (encode === undefined) {
      const schema = topic.name.includes(".load.")
        ? this.#loadSchema(topic.name.split(".").at(-1) as string)
        : undefined;
      encode = (await this.#codecs.encoder(topic, schema)) as (value: never) => Buffer;
      this.#encoders.set(topic.name, encode);
    }
    return this.send(topic.name, topic.key(value), encode(value as never));
  }

  async control(kind: string, name: string, value: object): Promise<void> {
    await this.write(
      topics.controlTopic(this.migration),
      controlRecord(kind as "run", name, value as { run: number }, "test"),
    );
  }
}
