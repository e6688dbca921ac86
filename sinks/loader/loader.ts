import { join } from "node:path";
import type { Plan } from "../../pipeline/core/plan.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { openAssignedConsumer } from "../../pipeline/kafka/consumer.ts";
import { followControl } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import { loadTopic } from "../../topics/index.ts";
import type { Sink } from "../sink.ts";
import { openLoaderCodecs } from "./loader-codecs.ts";
import { LoaderLoop } from "./loader-loop.ts";
import { LoaderStore } from "./loader-store.ts";
import { Plans } from "./plans.ts";
import { Spool } from "./spool.ts";
import { catchUp, checkGates, noteEnds } from "./start.ts";

/** What a person may set of the loader. */
export interface LoaderSettings {
  /** From so many ready rows of one object and operation a bulk job is worth its calls. */
  readonly bulkThreshold: number;
  /** How long few rows wait for company. */
  readonly flushMs: number;
  /** Most open bulk jobs of an object. */
  readonly lanes: number;
  /** More refused rows than this share of all, and than this count, stop the load. */
  readonly refusalCeiling: { readonly share: number; readonly count: number };
  /** Tries of a row before it is parked. */
  readonly maxAttempts: number;
  /** Our share of the destination's daily calls and batches. */
  readonly callShare: number;
}

/** Everything a loader works with. */
export interface LoaderOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly run: number;
  readonly plan: Plan;
  readonly sink: Sink;
  readonly stateFolder: string;
  readonly planHash: string;
  readonly settings: LoaderSettings;
  /** A request leaves within so many milliseconds of its commit, or not at all; a successor asks for it later. Absent: ten seconds. */
  readonly leaveWithinMs?: number;
}

/**
 * Loads a migration's records into its destination until the stage stops. One process per
 * migration: a successor fences this one, which then throws FENCED.
 */
export async function runLoader(options: LoaderOptions): Promise<void> {
  const { stage, connection, migration, plan } = options;
  const control = await followControl(connection, migration);
  const closing: (() => Promise<void> | void)[] = [() => control.close()];
  try {
    await control.catchUp();
    checkGates(control.state, plan, options.planHash);
    const codecs = openCodecs(connection);
    const encoders = await openLoaderCodecs(codecs, migration);
    // Fence first, then read: behind the fence nobody adds to our state.
    const producer = await openTransactionalProducer(connection, {
      transactionalId: `${migration}.loader`,
      stage,
    });
    closing.push(() => producer.close());
    const plans = new Plans(plan);
    const store = new LoaderStore(join(options.stateFolder, "loader"), plans);
    closing.push(() => store.close());
    const spool = new Spool(join(options.stateFolder, "spool"));
    closing.push(() => spool.close());
    await catchUp(connection, codecs, store, migration, plans);
    const topics = plans.objects.map((object) => loadTopic(migration, object).name);
    const consumer = await openAssignedConsumer(connection, {
      group: `${migration}.loader`,
      topics,
      from: "committed",
    });
    closing.push(() => consumer.close());
    stage.log.info({ event: "loader_started", run: options.run });
    await new LoaderLoop({
      ...options,
      control,
      codecs,
      encoders,
      plans,
      spool,
      store,
      producer,
      consumer,
    }).run();
    await noteEnds(connection, store, migration);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
