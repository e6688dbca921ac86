import { CutoverError } from "../core/errors.ts";
import { type SourceEntity, sourceEntities, type SourceRecord } from "../core/source-record.ts";
import { type Codecs, openCodecs } from "../kafka/codec.ts";
import type { ControlFollower } from "../kafka/control.ts";
import { openTransactionalProducer, type TransactionalProducer } from "../kafka/producer.ts";
import { clearUnfinished } from "../stage/blob-folder.ts";
import { controlTopic, cursorTopic, sourceTopic } from "../../topics/index.ts";
import { catchUp } from "./catch-up.ts";
import { entityRules } from "./compiled-stream.ts";
import { derivedRules } from "./derived.ts";
import { openHttp } from "./http.ts";
import type { PollerOptions } from "./poller.ts";
import { openControl, readCursors, Session } from "./session.ts";
import { SourceStore } from "./source-store.ts";
import type { EntityOutput } from "./work.ts";
import { SchemaWanted } from "./writer.ts";

/** A session with what its writer needs. */
export interface OpenSession {
  readonly session: Session;
  readonly producer: TransactionalProducer;
  readonly control: ControlFollower;
  /** Source topics, for checkpoints. */
  readonly topics: readonly string[];
}

/**
 * Fences every predecessor, then reads what it left: control, cursors, and the source topics into
 * the store. Runs the work on it and closes everything again.
 */
export async function withSession(
  options: PollerOptions,
  work: (open: OpenSession) => Promise<void>,
): Promise<void> {
  const { connection, migration, stage, profile } = options;
  const derived = derivedRules(profile, options.derive ?? {});
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
    clearUnfinished(connection.blobFolder);
    const topics = new Map([...outputs].map(([entity, { topic }]) => [entity, topic]));
    const rules = entityRules(profile, derived);
    const records = await catchUp({ connection, codecs, store, topics, rules, derived });
    stage.log.info({ event: "store_caught_up", records });
    const http = closing(openHttp(profile.source, stage));
    const encoders = { encodeCursor, encodeControl };
    const parts = { options, store, http, control, cursors, outputs, derived, ...encoders };
    const session = new Session(parts);
    await work({ session, producer, control, topics: [...topics.values()] });
  } finally {
    for (const close of closers) await close();
  }
}

/** Nothing is read from a tenant before a person has approved this very plan. */
export function checkGates({ state }: ControlFollower, planHash: string): void {
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
