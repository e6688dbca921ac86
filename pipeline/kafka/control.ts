import { controlTopic } from "../../topics/index.ts";
import {
  type ControlEvent,
  type ControlKind,
  ControlState,
  type ControlValues,
} from "../core/control.ts";
import type { Control } from "../core/generated/records.ts";
import { type Codecs, openCodecs } from "./codec.ts";
import type { KafkaConnection } from "./connection.ts";
import { type BatchConsumer, type Consumed, openAssignedConsumer } from "./consumer.ts";
import { openPlainProducer, type PlainProducer } from "./plain-producer.ts";
import { highWatermarks } from "./watermarks.ts";

/** Says things into a migration's control log. */
export interface ControlWriter {
  say<K extends ControlKind>(
    kind: K,
    name: string,
    value: ControlValues[K],
    saidBy: string,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Opens a writer; each event is on disk when `say` resolves. */
export async function openControlWriter(
  connection: KafkaConnection,
  migration: string,
): Promise<ControlWriter> {
  const topic = controlTopic(migration);
  const encode = await openCodecs(connection).encoder(topic);
  const producer: PlainProducer = await openPlainProducer(connection);
  return {
    say: (kind, name, value, saidBy) => {
      const event = controlRecord(kind, name, value, saidBy);
      return producer.send(topic.name, topic.key(event), encode(event));
    },
    close: () => producer.close(),
  };
}

/** The record of a control event said now, for those who write it in a transaction of their own. */
export function controlRecord<K extends ControlKind>(
  kind: K,
  name: string,
  value: ControlValues[K],
  saidBy: string,
): Control {
  return { kind, name, value: JSON.stringify(value), said_by: saidBy, at: Date.now() };
}

/** Decodes one record of the control topic. */
export async function decodeControl(codecs: Codecs, record: Consumed): Promise<ControlEvent> {
  const control = await codecs.decode<Control>(record.value as Buffer);
  return {
    kind: control.kind as ControlKind,
    name: control.name,
    value: JSON.parse(control.value),
    saidBy: control.said_by,
    at: control.at,
  };
}

/** Reads the control log from its beginning and keeps its fold. */
export interface ControlFollower {
  readonly state: ControlState;
  /** Takes what has come since; returns the new events. */
  poll(): Promise<readonly ControlEvent[]>;
  /** Reads up to the log's end as of now. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** Follows a migration's control log. */
export async function followControl(
  connection: KafkaConnection,
  migration: string,
): Promise<ControlFollower> {
  const topic = controlTopic(migration).name;
  const codecs = openCodecs(connection);
  const consumer: BatchConsumer = await openAssignedConsumer(connection, {
    group: `${connection.clientId}.control`,
    topics: [topic],
    from: "beginning",
  });
  const state = new ControlState();
  const poll = async (): Promise<readonly ControlEvent[]> => {
    const events: ControlEvent[] = [];
    for (const record of await consumer.poll(500)) {
      const event = await decodeControl(codecs, record);
      state.apply(event);
      events.push(event);
    }
    return events;
  };
  return {
    state,
    poll,
    async catchUp() {
      const end = (await highWatermarks(connection, [topic])).get(topic)?.[0] ?? 0;
      while ((consumer.positions()[0]?.offset ?? 0) < end) await poll();
    },
    close: () => consumer.close(),
  };
}
