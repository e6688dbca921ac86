import { CutoverError } from "../core/errors.ts";
import { type SourceEntity, sourceEntities, type SourceRecord } from "../core/source-record.ts";
import { type Codecs, openCodecs } from "../kafka/codec.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import type { ControlFollower } from "../kafka/control.ts";
import { openTransactionalProducer, type TransactionalProducer } from "../kafka/producer.ts";
import { highWatermarks } from "../kafka/watermarks.ts";
import { pause, type Stage } from "../stage/stage.ts";
import { controlTopic, cursorTopic, sourceTopic } from "../../topics/index.ts";
import { catchUp, noteOffsets } from "./catch-up.ts";
import { entityRules } from "./compiled-stream.ts";
import { fastLane } from "./fast-lane.ts";
import { fenceIfProved } from "./finish.ts";
import { openHttp } from "./http.ts";
import type { Profile } from "./profile.ts";
import { openControl, readCursors, Session } from "./session.ts";
import { slowLane } from "./slow-lane.ts";
import { SourceStore } from "./source-store.ts";
import type { EntityOutput } from "./work.ts";
import { commit, SchemaWanted } from "./writer.ts";

/** What the poller of a migration is given. */
export interface PollerOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly profile: Profile;
  /** Folder of the source store; losing it costs a start-up, nothing else. */
  readonly stateFolder: string;
  /** Replaces the profile's interval between polls of what changed just now. */
  readonly pollMs?: number;
  /** The plan this process was started for; another one in control stops it. */
  readonly planHash: string;
}

const restMs = 1000;
const checkpointMs = 10_000;
const weightATransaction = 3000;
const roundMs = 100;
const controlMs = 200;

/**
 * Polls the source until the migration is finished, then goes on carrying out orders, until it is
 * stopped. PLAN_NOT_CONFIRMED, FENCED, SOURCE_AUTH_REFUSED, SOURCE_SCOPE_MISSING and
 * PROFILE_INVALID end it; after a commit of unknown fate it begins again from what Kafka holds.
 */
export async function runPoller(options: PollerOptions): Promise<void> {
  while (!options.stage.stopping.aborted) {
    try {
      await runSession(options);
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition !== "retry") throw error;
      const { code, message } = error;
      options.stage.log.warn({ event: "session_restarted", code, message });
      await pause(restMs, options.stage.stopping);
    }
  }
}

async function runSession(options: PollerOptions): Promise<void> {
  const { connection, migration, stage, profile } = options;
  const closers: (() => unknown)[] = [];
  const closing = <T extends { close(): unknown }>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };
  try {
    const transactionalId = `${migration}.poller`;
    const producer = closing(
      await openTransactionalProducer(connection, { transactionalId, stage }),
    );
    const control = closing(await openControl(connection, migration));
    checkGates(control, options.planHash);
    const codecs = openCodecs(connection);
    const outputs = await openOutputs(codecs, migration);
    const encodeCursor = await codecs.encoder(cursorTopic(migration));
    const encodeControl = await codecs.encoder(controlTopic(migration));
    const cursors = await readCursors(connection, codecs, migration);
    const store = closing(new SourceStore(options.stateFolder));
    const topics = new Map([...outputs].map(([entity, { topic }]) => [entity, topic]));
    const rules = entityRules(profile);
    const records = await catchUp({ connection, codecs, store, topics, rules });
    stage.log.info({ event: "store_caught_up", records });
    const http = closing(openHttp(profile.source, stage));
    const parts = { options, store, http, control, cursors, outputs, encodeCursor, encodeControl };
    await poll(new Session(parts), { options, producer, control, topics: [...topics.values()] });
  } finally {
    for (const close of closers) await close();
  }
}

/** Nothing is read from a tenant before a person has approved this very plan. */
function checkGates({ state }: ControlFollower, planHash: string): void {
  const confirmed = state.get("plan", "plan")?.hash;
  if (confirmed !== planHash) {
    const which = confirmed === undefined ? "no plan is confirmed" : "another plan is confirmed";
    throw new CutoverError(
      "PLAN_NOT_CONFIRMED",
      `The poller does not start: ${which}. Confirm this plan with \`cutover map --confirm\`.`,
    );
  }
  if (!state.gatePassed("approve", planHash)) {
    throw new CutoverError(
      "PLAN_NOT_CONFIRMED",
      "The poller does not start: the plan is not approved. Look at a sample, then `cutover approve`.",
    );
  }
}

async function openOutputs(
  codecs: Codecs,
  migration: string,
): Promise<ReadonlyMap<SourceEntity, EntityOutput>> {
  const outputs = new Map<SourceEntity, EntityOutput>();
  for (const entity of sourceEntities) {
    const topic = sourceTopic(migration, entity);
    const encode: (record: SourceRecord) => Buffer = await codecs.encoder(topic);
    const decode = (body: Buffer): Record<string, unknown> => {
      const record = codecs.decodeFast<Record<string, unknown>>(body);
      if (record instanceof Promise) throw new SchemaWanted(record);
      return record;
    };
    outputs.set(entity, { topic: topic.name, encode, decode });
  }
  return outputs;
}

interface Polling {
  readonly options: PollerOptions;
  readonly producer: TransactionalProducer;
  readonly control: ControlFollower;
  readonly topics: readonly string[];
}

/** The one writer: takes what the lanes bring, transaction by transaction. */
async function poll(session: Session, polling: Polling): Promise<void> {
  const { options, producer, control } = polling;
  heed(session, control, options.planHash);
  const ended = new AbortController();
  const lanes = session.finish.fenced ? [] : lanesOf(session);
  const follower = followOrders(session, polling, ended.signal).catch(session.fail);
  let checkpointAt = performance.now() + checkpointMs;
  let sentSince = 0;
  let fencing = false;
  try {
    while (!options.stage.stopping.aborted) {
      session.throwFailure();
      const items = await session.queue.take(weightATransaction, roundMs);
      if (items.length > 0) sentSince += await commit(session, producer, items);
      if (!fencing || items.length > 0) fencing = fenceIfProved(session);
      if (sentSince > 0 && performance.now() > checkpointAt) {
        noteOffsets(
          session.context.store,
          await highWatermarks(options.connection, polling.topics),
        );
        [sentSince, checkpointAt] = [0, performance.now() + checkpointMs];
      }
    }
  } finally {
    session.endPolling();
    ended.abort();
    await Promise.race([
      Promise.all([...lanes, follower]),
      pause(5000, new AbortController().signal),
    ]);
  }
}

function lanesOf(session: Session): Promise<void>[] {
  const lanes = session.polled.flatMap((polled) => [
    fastLane(session, polled),
    slowLane(session, polled),
  ]);
  return [...lanes, completeRoots(session)].map((lane) =>
    lane.catch((error: unknown) => {
      if (!session.signal.aborted) session.fail(error);
    }),
  );
}

async function completeRoots(session: Session): Promise<void> {
  while (!session.signal.aborted) {
    await session.snapshots.completeRoots();
    await session.changed();
  }
}

/** Takes what control says now. */
function heed(session: Session, control: ControlFollower, planHash: string): void {
  checkGates(control, planHash);
  for (const [id, order] of control.state.orders) session.orders.take(id, order);
  const at = control.state.get("finish", "finish")?.at;
  session.finish.at = at;
  const fence = control.state.get("poll_fence", "poller")?.at;
  if (at !== undefined && fence === at) session.finish.fenced = true;
}

async function followOrders(
  session: Session,
  { control, options }: Polling,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const events = await control.poll();
    if (events.length > 0) heed(session, control, options.planHash);
    else await pause(controlMs, ended);
  }
}
