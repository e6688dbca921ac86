import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import type { Plan } from "../../pipeline/core/plan.ts";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { type ControlWriter, openControlWriter } from "../../pipeline/kafka/control.ts";
import {
  openTransactionalProducer,
  type TransactionalProducer,
} from "../../pipeline/kafka/producer.ts";
import { groupPositions, highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { loadSchema } from "../../pipeline/mapping/load-schema.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import { type LoaderSettings, runLoader } from "../../sinks/loader/loader.ts";
import type { Sink } from "../../sinks/sink.ts";
import { allTopics, loadTopic } from "../../topics/index.ts";
import { migrationName, testStage } from "../kafka-connection.ts";
import { MigrationTopics } from "./migration-topics.ts";

/** What a test says of one record. */
export interface Said {
  readonly object: string;
  readonly key: string;
  /** Null deletes. */
  readonly fields: Readonly<Record<string, FieldValue>> | null;
  /** The record's rows, where it is several. */
  readonly rows?: readonly Readonly<Record<string, FieldValue>>[];
  /** Where several entities feed the object. */
  readonly entity?: string;
  readonly repair?: boolean;
}

/** How the tests' loader is set: quick to flush, patient with nothing. */
export const settings: LoaderSettings = {
  bulkThreshold: 50,
  flushMs: 50,
  lanes: 4,
  refusalCeiling: { share: 0.5, count: 100 },
  maxAttempts: 4,
  callShare: 1,
};

/** A destination a test loads into. */
export interface TestDestination {
  sink(): Promise<Sink>;
  close(): Promise<void>;
}

/** A migration into a simulated destination, and everything a test does to it or asks of it. */
export abstract class MigrationWorld<Destination extends TestDestination> extends MigrationTopics {
  readonly stateFolder = mkdtempSync(join(tmpdir(), "cutover-loader-"));
  readonly #encoders = new Map<string, (value: LoadRecord) => Buffer>();
  org!: Destination;
  control!: ControlWriter;
  readonly plan: Plan;
  #producer: TransactionalProducer | undefined;
  #offset = 0;
  readonly #children: ChildProcess[] = [];
  /** The loader started last in this process, and what ended it. */
  #newest: Promise<void> | undefined;
  #died: { readonly reason: unknown } | undefined;

  constructor(plan: Plan) {
    super(migrationName("loader"));
    this.plan = plan;
  }

  protected abstract openDestination(): Promise<Destination>;

  /** What a child opens its sink with: `destination` says which one it is. */
  protected abstract sinkFacts(): { readonly destination: "salesforce" | "dynamics" };

  async open(options: { readonly waves?: readonly string[]; readonly owners?: object } = {}) {
    this.org = await this.openDestination();
    const objects = this.#objects();
    const schemas = new Map<string, object>();
    for (const object of objects) {
      const plans = this.plan.objects.filter((each) => each.object === object);
      schemas.set(loadTopic(this.migration, object).name, loadSchema(object, plans));
    }
    await applyTopics(this.connection, allTopics(this.migration, objects), {
      partitions: 3,
      schemas,
    });
    for (const object of objects) {
      const topic = loadTopic(this.migration, object);
      const encode = await this.codecs.encoder(topic, schemas.get(topic.name));
      this.#encoders.set(object, encode);
    }
    this.#producer = await openTransactionalProducer(this.connection, {
      transactionalId: `${this.migration}.test`,
      stage: testStage("test"),
    });
    this.control = await openControlWriter(this.connection, this.migration);
    const { hash } = this.plan;
    await this.control.say("plan", "plan", { hash }, "test");
    await this.control.say("gate", "approve", { plan: hash, passed: true }, "test");
    await this.control.say("wave", "load", { objects: [...(options.waves ?? objects)] }, "test");
    await this.owners(1, {}, null);
  }

  #objects(): readonly string[] {
    return [...new Set(this.plan.objects.map(({ object }) => object))];
  }

  owners(revision: number, owners: Record<string, string>, fallback: string | null) {
    return this.control.say("owners", "owners", { revision, owners, fallback }, "test");
  }

  /** Writes load records in one transaction, versions rising in the order said. */
  async say(...said: readonly Said[]): Promise<void> {
    await this.#producer?.transaction((tx) => {
      for (const one of said) {
        const record = this.#record(one);
        const encode = this.#encoders.get(one.object) as (value: LoadRecord) => Buffer;
        tx.send(loadTopic(this.migration, one.object).name, one.key, encode(record));
      }
    });
  }

  #record({ object, key, fields, rows, entity, repair = false }: Said): LoadRecord {
    const plan = this.plan.objects.find((each) => {
      return each.object === object && (entity === undefined || each.entity === entity);
    });
    if (plan === undefined) throw new Error(`The test's plan has no ${object}.`);
    const shared = plan.fields.filter(({ perRow }) => perRow !== true);
    const all = Object.fromEntries(shared.map(({ name }) => [name, null]));
    const named = plan.keyField === "" ? {} : { [plan.keyField]: key };
    const values = fields === null ? null : { ...all, ...named, ...fields };
    this.#offset += 1;
    const content = JSON.stringify([values, rows]);
    return {
      key,
      source_id: key,
      entity: plan.entity,
      version: {
        run: 1,
        topic: `${this.migration}.source.${plan.entity}`,
        partition: 0,
        offset: this.#offset,
      },
      plan: this.plan.hash,
      revision: 0,
      operation: fields === null ? "delete" : "upsert",
      delete_reason: fields === null ? "feed" : null,
      repair,
      order: null,
      hash: createHash("sha256").update(content).digest("hex").slice(0, 32),
      committed_at: Date.now(),
      fields: values,
      ...(rows === undefined ? {} : { rows }),
    };
  }

  /** Runs a loader in this process until `stop`; its failure is rethrown there. */
  async start(
    changes: Partial<LoaderSettings> = {},
    stateFolder = this.stateFolder,
  ): Promise<RunningLoader> {
    const sink = await this.org.sink();
    const stage = testStage("loader");
    const ended = runLoader({ ...this.options(stage, sink, changes), stateFolder });
    this.#died = undefined;
    this.#newest = ended;
    ended.catch((reason: unknown) => {
      if (this.#newest === ended) this.#died = { reason };
    });
    return {
      ended,
      stop: async () => {
        stage.stop.abort();
        await ended.finally(() => sink.close());
      },
    };
  }

  options(stage: Stage, sink: Sink, changes: Partial<LoaderSettings> = {}) {
    return {
      stage,
      connection: this.connection,
      migration: this.migration,
      run: 1,
      plan: this.plan,
      sink,
      stateFolder: this.stateFolder,
      planHash: this.plan.hash,
      settings: { ...settings, ...changes },
    };
  }

  /** Runs a loader as a process of its own, with a failpoint armed; a blind one never finds what it asks for. */
  spawn(
    fault: string,
    options: { readonly blind?: boolean; readonly settings?: Partial<LoaderSettings> } = {},
  ): ChildProcess {
    const { blind = false, settings: changes = {} } = options;
    const file = join(this.stateFolder, "child.json");
    // A successor asks for what a killed one sent when both times have passed.
    const times = { timeoutMs: 1500, leaveWithinMs: 4000 };
    const facts = { ...this.sinkFacts(), ...times, plan: this.plan, blind };
    writeFileSync(
      file,
      JSON.stringify({
        ...facts,
        connection: this.connection,
        migration: this.migration,
        stateFolder: this.stateFolder,
        settings: { ...settings, ...changes },
      }),
    );
    const module = join(import.meta.dirname, "loader-child.ts");
    const child = spawn(process.execPath, [module, file], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, CUTOVER_FAULT: fault, UV_THREADPOOL_SIZE: "16" },
    });
    this.#children.push(child);
    return child;
  }

  /** Whether the loader's committed positions have reached the ends of all load topics; throws what has ended the loader. */
  async passed(): Promise<boolean> {
    if (this.#died !== undefined) throw this.#died.reason;
    const topics = this.#objects().map((object) => loadTopic(this.migration, object).name);
    const ends = await highWatermarks(this.connection, topics);
    const at = await groupPositions(this.connection, `${this.migration}.loader`, topics);
    return topics.every((topic) =>
      (ends.get(topic) ?? []).every((end, index) => (at.get(topic)?.[index] ?? 0) >= end),
    );
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    await this.org?.close();
    await this.control?.close();
    await this.#producer?.close();
  }
}

/** A loader under test. */
export interface RunningLoader {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}
