import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { Plan } from "../../pipeline/core/plan.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import type { Version } from "../../pipeline/core/version.ts";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { loadSchema as schemaOf } from "../../pipeline/mapping/load-schema.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { controlRecord } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { readSchema } from "../../pipeline/kafka/schema-files.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { runLedger } from "../../sinks/clickhouse/ledger.ts";
import { type LedgerClient, ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { canonical as ofSalesforce } from "../../sinks/canonical.ts";
import type { Sink } from "../../sinks/sink.ts";
import * as topics from "../../topics/index.ts";
import type { Topic } from "../../topics/index.ts";
import { blank } from "./blank.ts";
import { plan as everyKind } from "./ledger-plan.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";

/** Who reads and writes at the destination in our name. */
export const ourUser = "005000000000100AAA";

/** The entity of a source key. */
function entityOf(key: string): string {
  return key.slice(0, key.lastIndexOf("-"));
}

/** The source's id in it. */
function idOf(key: string): string {
  return key.slice(key.lastIndexOf("-") + 1);
}

type Fields = Readonly<Record<string, FieldValue>>;
type Found = Readonly<Record<string, string | null>>;

/** Writes a migration's records by hand, as the stages would, one partition each. */
export class Scribe {
  readonly migration = migrationName("ledger");
  readonly connection = testConnection("scribe");
  readonly folder = mkdtempSync(join(tmpdir(), "cutover-ledger-"));
  readonly #plan: Plan;
  readonly #objects: readonly string[];
  readonly #stage = testStage("scribe");
  readonly #codecs = openCodecs(this.connection);
  readonly #encoders = new Map<string, (value: never) => Buffer>();
  #send!: (
    topic: string,
    key: string,
    value: Buffer | null,
    headers?: Record<string, string>,
  ) => Promise<number>;
  #clock = Date.now();
  readonly #closing: (() => Promise<void>)[] = [];

  /** A plan with every kind of object where none is given. */
  constructor(plan: Plan = everyKind) {
    this.#plan = plan;
    this.#objects = [...new Set(plan.objects.map(({ object }) => object))];
  }

  #loadSchema(object: string): object {
    return schemaOf(
      object,
      this.#plan.objects.filter((each) => each.object === object),
    );
  }

  async open(): Promise<this> {
    const all = topics.allTopics(this.migration, this.#objects);
    const schemas = new Map(
      this.#objects.map((object) => [
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
    this.#send = async (topic, key, value, headers) => {
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

  async #write<T>(topic: Topic<T>, value: T): Promise<number> {
    let encode = this.#encoders.get(topic.name);
    if (encode === undefined) {
      const schema = topic.name.includes(".load.")
        ? this.#loadSchema(topic.name.split(".").at(-1) as string)
        : undefined;
      encode = (await this.#codecs.encoder(topic, schema)) as (value: never) => Buffer;
      this.#encoders.set(topic.name, encode);
    }
    return this.#send(topic.name, topic.key(value), encode(value as never));
  }

  async control(kind: string, name: string, value: object): Promise<void> {
    await this.#write(
      topics.controlTopic(this.migration),
      controlRecord(kind as "run", name, value as { run: number }, "test"),
    );
  }

  /** A version of a source record. */
  async source(
    entity: string,
    id: string,
    meta: object = {},
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<Version> {
    const topic = topics.sourceTopic(this.migration, entity);
    const base = blank(readSchema(`source/${entity}`)) as { meta: object };
    const value = {
      ...base,
      active: true,
      ...fields,
      id,
      meta: { ...base.meta, read_at: this.now(), ...meta },
    };
    const offset = await this.#write(topic as unknown as Topic<unknown>, value);
    return { run: 1, topic: topic.name, partition: 0, offset };
  }

  /** What the transform makes of it. */
  async load(
    object: string,
    id: string,
    version: Version,
    fields: Fields | null,
    rows: readonly Fields[] | null = null,
  ): Promise<void> {
    const entity = version.topic.split(".").at(-1) as string;
    await this.#write(topics.loadTopic(this.migration, object), {
      ...{
        key: sourceKey(entity, id),
        source_id: id,
        entity,
        version,
        plan: this.#plan.hash,
        revision: 0,
      },
      ...{ operation: fields === null ? "delete" : "upsert", delete_reason: null, repair: false },
      ...{ order: null, hash: JSON.stringify(fields), committed_at: this.now(), fields },
      ...(rows === null ? {} : { rows }),
    });
  }

  async request(object: string, key: string, version: Version, state: string): Promise<void> {
    await this.#write(topics.requestTopic(this.migration), {
      ...{ request_id: `${key}-${version.offset}`, run: 1, channel: "small", state },
      ...{ job_id: null, lane: "one", rows: 1, at: this.now(), note: null },
      groups: [
        {
          ...{ object, operation: "insert", topic: "", source_topic: version.topic },
          entries: [
            {
              ...{ key, offset: version.offset, partition: 0, load_offset: 0, load_partition: 0 },
              destination_id: null,
              more_ids: [],
            },
          ],
        },
      ],
    });
  }

  async outcome(
    object: string,
    key: string,
    version: Version,
    outcome: string,
    code: string | null = null,
    reason: string | null = null,
  ): Promise<void> {
    await this.#write(topics.outcomeTopic(this.migration), {
      ...{
        object,
        key,
        source_id: idOf(key),
        entity: entityOf(key),
        version,
        outcome,
      },
      ...{ reason, code, field: null, message: null, destination_id: null, request_id: null },
      ...{ order: null, committed_at: this.now(), ended_at: this.now(), duration_ms: 1 },
    });
  }

  /** What the loader remembers of a record: the rows it stands in. */
  async identity(
    object: string,
    key: string,
    version: Version,
    ids: readonly string[],
  ): Promise<void> {
    const [destination_id = null, ...more_ids] = ids;
    await this.#write(topics.identityTopic(this.migration), {
      ...{ object, key, source_id: idOf(key), destination_id, more_ids, version, ended: "created" },
      ...{ hash: null, references: [], origin: "created", preimage: false, deleted: false },
      ...{ incomplete: false, rolled_back: false, at: this.now() },
    });
  }

  async parked(object: string, key: string, version: Version, reason: string): Promise<void> {
    await this.#write(topics.parkedTopic(this.migration), {
      ...{
        object,
        key,
        source_id: idOf(key),
        entity: entityOf(key),
        version,
        reason,
        field: "AccountId",
      },
      ...{ waits_for_object: "Account", waits_for_key: "customer-9", code: null, message: null },
      ...{ attempts: 1, since: this.now(), next_try_at: null, load_partition: 0, load_offset: 0 },
      record: Buffer.from("x"),
    });
  }

  async unparked(object: string, key: string): Promise<void> {
    await this.#send(topics.parkedTopic(this.migration).name, `${object}|${key}`, null);
  }

  async rejected(entity: string, id: string, version: Version, code: string): Promise<void> {
    await this.#send(
      topics.rejectedTopic(this.migration).name,
      `${entity}|${id}`,
      Buffer.from("?"),
      {
        "cutover.error.code": code,
        "cutover.stage": "transform",
        "cutover.entity": entity,
        "cutover.source.id": id,
        "cutover.field": "urgency",
        "__connect.errors.topic": version.topic,
        "__connect.errors.partition": "0",
        "__connect.errors.offset": String(version.offset),
        "__connect.errors.exception.message": "no entry for the value",
      },
    );
  }

  /** Ends of the topics a read is judged by. */
  async vectors(object: string) {
    const names = [
      topics.outcomeTopic(this.migration).name,
      topics.requestTopic(this.migration).name,
      topics.loadTopic(this.migration, object).name,
    ] as const;
    const ends = await highWatermarks(this.connection, names);
    return {
      outcome_before: ends.get(names[0]) ?? [],
      request_after: ends.get(names[1]) ?? [],
      load_before: ends.get(names[2]) ?? [],
    };
  }

  /** A row as the observer would have read it now (or earlier, by its vectors). */
  async observed(object: string, key: string, fields: Found, more: object = {}): Promise<void> {
    // Of an object without keys the row's id is given, as `id:…`.
    const keyless = key.startsWith("id:");
    await this.#write(topics.observedTopic(this.migration), {
      ...this.#read("row", object),
      ...(await this.vectors(object)),
      ...{
        destination_id: keyless ? key.slice(3) : `id-${key}`,
        key: keyless ? null : key,
        fields,
        modified_at: this.now(),
        lane: "fast",
        read_id: "fast-1",
      },
      ...more,
    });
  }

  /** A whole sweep of an object that sees these rows. */
  async sweep(
    object: string,
    name: string,
    rows: readonly { readonly key: string; readonly fields: Found }[],
  ): Promise<void> {
    const observed = topics.observedTopic(this.migration);
    const vectors = await this.vectors(object);
    const said = { read_id: name, lane: "sweep", ...vectors };
    const begin = { ...this.#read("sweep_begin", object), ...said, modified_by: ourUser };
    await this.#write(observed, begin);
    for (const { key, fields } of rows)
      await this.observed(object, key, fields, { ...said, read_id: name });
    const observed_end =
      (await highWatermarks(this.connection, [observed.name])).get(observed.name) ?? [];
    await this.#write(observed, {
      ...this.#read("sweep_end", object),
      ...said,
      rows: rows.length,
      observed_end,
    });
  }

  async absent(object: string, key: string): Promise<void> {
    const vectors = await this.vectors(object);
    await this.#write(topics.observedTopic(this.migration), {
      ...this.#read("absent", object),
      ...vectors,
      ...{ key, read_id: `ask/${key}`, lane: "ask" },
    });
  }

  #read(kind: string, object: string) {
    return {
      ...{
        kind,
        object,
        destination_id: "",
        key: null as string | null,
        deleted: false,
        fields: {} as Found,
      },
      ...{
        modified_at: null as number | null,
        modified_by: null as string | null,
        read_id: "",
        lane: "",
        rows: null as number | null,
      },
      ...{ observed_end: null as readonly number[] | null, read_at: this.now() },
    };
  }

  /** The whole way of a living Case: read, mapped, sent and created. */
  async createdCase(id: string, fields: Fields): Promise<Version> {
    const version = await this.source("job", id, { members: "whole" });
    await this.load("Case", id, version, fields);
    await this.request("Case", `job-${id}`, version, "intended");
    await this.request("Case", `job-${id}`, version, "ended");
    await this.outcome("Case", `job-${id}`, version, "created");
    return version;
  }

  /** The whole way of a record that ends in these rows without a key. */
  async created(
    object: string,
    key: string,
    fields: Fields,
    ids: readonly string[],
    rows: readonly Fields[] | null = null,
    known?: Version,
  ): Promise<Version> {
    const version = known ?? (await this.source(entityOf(key), idOf(key)));
    await this.load(object, idOf(key), version, fields, rows);
    await this.request(object, key, version, "intended");
    await this.request(object, key, version, "ended");
    await this.outcome(object, key, version, "created");
    await this.identity(object, key, version, ids);
    return version;
  }

  /** A ledger over what is written, in this process: one at a time. */
  async ledger(
    folder = this.folder,
    canonical: Sink["canonical"] = ofSalesforce,
  ): Promise<{ client: LedgerClient; url: string; stop(): Promise<void> }> {
    const stage = testStage("ledger");
    let ready: (url: string) => void = () => {};
    const url = new Promise<string>((resolve) => {
      ready = resolve;
    });
    const running = runLedger({
      ...{ stage, connection: this.connection, migration: this.migration },
      ...{ plan: this.#plan, canonical },
      ...{ clickhouse: { path: folder }, httpPort: 0, onReady: ready },
    });
    const address = await Promise.race([url, running.then(() => "")]);
    return {
      client: ledgerClient(address),
      url: address,
      async stop() {
        stage.stop.abort();
        await running;
      },
    };
  }

  /** Waits until the ledger has read all that was written. */
  async level(client: LedgerClient): Promise<void> {
    const names = topics
      .allTopics(this.migration, this.#objects)
      .map((topic) => topic.name)
      .filter((name) => !/\.(cursor|preimage)$/.test(name));
    const ends = await highWatermarks(this.connection, names);
    await expect
      .poll(async () => {
        const positions = await client.positions();
        return names.filter((name) => (positions.get(name)?.[0] ?? 0) < (ends.get(name)?.[0] ?? 0));
      })
      .toEqual([]);
  }
}
