import type { ControlValues } from "../../pipeline/core/control.ts";
import type { Identity, Outcome } from "../../pipeline/core/generated/records.ts";
import { type Codecs, openCodecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import { followControl } from "../../pipeline/kafka/control.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { identityTopic, outcomeTopic, parkedTopic, rejectedTopic } from "../../topics/index.ts";
import { testConnection } from "../kafka-connection.ts";

/** What a migration's own topics say to a test. */
export abstract class MigrationTopics {
  readonly migration: string;
  readonly connection: KafkaConnection;
  protected readonly codecs: Codecs;
  readonly #read = new Map<
    string,
    { readonly ends: string; readonly records: readonly Consumed[] }
  >();

  constructor(migration: string) {
    this.migration = migration;
    this.connection = testConnection(migration);
    this.codecs = openCodecs(this.connection);
  }

  /** Everything ordered to be said again, by the order's name. */
  async orders(): Promise<Readonly<Record<string, ControlValues["order"]>>> {
    const control = await followControl(this.connection, this.migration);
    await control.catchUp();
    await control.close();
    return Object.fromEntries(control.state.orders);
  }

  async outcomes(): Promise<readonly Outcome[]> {
    return this.#all<Outcome>(outcomeTopic(this.migration).name);
  }

  /** Outcomes of one key, oldest first. */
  async outcomesOf(object: string, key: string): Promise<readonly string[]> {
    const all = await this.outcomes();
    return all
      .filter((each) => each.object === object && each.key === key)
      .map(({ outcome, reason }) => (reason === null ? outcome : `${outcome}: ${reason}`));
  }

  async identities(): Promise<ReadonlyMap<string, Identity>> {
    const all = await this.#all<Identity>(identityTopic(this.migration).name);
    return new Map(all.map((each) => [`${each.object}|${each.key}`, each]));
  }

  /** Reason of each parked row. */
  async parked(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const { key, value } of await this.#records(parkedTopic(this.migration).name)) {
      if (value === null) found.delete(key as string);
      else {
        const { reason } = await this.codecs.decode<{ reason: string }>(value);
        found.set(key as string, reason);
      }
    }
    return found;
  }

  async letters(): Promise<readonly Readonly<Record<string, string>>[]> {
    const records = await this.#records(rejectedTopic(this.migration).name);
    return records.map(({ headers }) => headers);
  }

  async #all<T>(topic: string): Promise<readonly T[]> {
    const found: T[] = [];
    for (const { value } of await this.#records(topic)) {
      found.push(await this.codecs.decode<T>(value as Buffer));
    }
    return found;
  }

  /** Records of a topic, read again only where it has grown: a condition is asked many times. */
  async #records(topic: string): Promise<readonly Consumed[]> {
    const ends = String((await highWatermarks(this.connection, [topic])).get(topic));
    const known = this.#read.get(topic);
    if (known?.ends === ends) return known.records;
    const records: Consumed[] = [];
    await readToEnd(this.connection, [topic], (record) => {
      records.push(record);
    });
    this.#read.set(topic, { ends, records });
    return records;
  }
}
