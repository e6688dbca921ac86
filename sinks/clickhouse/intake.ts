import type { Observed, Request } from "../../pipeline/core/generated/records.ts";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { sourceEntities } from "../../pipeline/core/source-record.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import {
  controlTopic,
  identityTopic,
  loadTopic,
  observedTopic,
  outcomeTopic,
  parkedTopic,
  rejectedTopic,
  requestTopic,
  sourceTopic,
  type Topic,
} from "../../topics/index.ts";
import type { Comparer } from "./comparable.ts";
import { identityRows, outcomeRows, parkedRows, requestRows } from "./loader-rows.ts";
import { controlRows, observedRows } from "./read-back-rows.ts";
import type { Emit } from "./row-columns.ts";
import { loadRows, rejectedRows, sourceRows } from "./way-in-rows.ts";

/** Turns consumed records into rows. */
export interface Intake {
  /** Every topic the ledger reads. */
  readonly topics: readonly string[];
  take(record: Consumed, emit: Emit): void | Promise<void>;
}

type Take = (record: Consumed, emit: Emit, value: never) => void;

/** Requests and reads this process has written once: later records repeat what they hold. */
const remembered = 20_000;

/** The intake of a migration. */
export function openIntake(options: {
  readonly migration: string;
  readonly objects: readonly string[];
  readonly codecs: Codecs;
  readonly comparer: Comparer;
}): Intake {
  const takes = takesByTopic(options.migration, options.objects, options.comparer);
  const rejected = rejectedTopic(options.migration).name;
  const parked = parkedTopic(options.migration).name;
  return {
    topics: [...takes.keys(), rejected],
    take(record, emit) {
      if (record.topic === rejected) return rejectedRows(emit, record);
      if (record.value === null) {
        if (record.topic === parked) parkedRows(emit, record, null);
        return;
      }
      return decoded(options.codecs, record, takes.get(record.topic) as Take, emit);
    },
  };
}

/** A value no record can be read from is counted, not thrown: its neighbours go on. */
function decoded(codecs: Codecs, record: Consumed, take: Take, emit: Emit): void | Promise<void> {
  try {
    const value = codecs.decodeFast<unknown>(record.value as Buffer);
    if (!(value instanceof Promise)) return take(record, emit, value as never);
    return value.then(
      (later) => take(record, emit, later as never),
      (error: unknown) => unreadable(record, emit, error),
    );
  } catch (error) {
    unreadable(record, emit, error);
  }
}

function unreadable(record: Consumed, emit: Emit, error: unknown): void {
  if (!(error instanceof CutoverError) || error.code !== "RECORD_UNREADABLE") throw error;
  const { topic, partition, offset } = record;
  const bytes = record.value?.length ?? 0;
  emit("unreadable", { message: error.message, bytes, topic, partition, offset });
}

function takesByTopic(
  migration: string,
  objects: readonly string[],
  comparer: Comparer,
): ReadonlyMap<string, Take> {
  const takes = new Map<string, Take>();
  const on = <T>(topic: Topic<T>, take: (record: Consumed, emit: Emit, value: T) => void) =>
    takes.set(topic.name, take);
  for (const entity of sourceEntities) {
    on(sourceTopic(migration, entity), (record, emit, value) =>
      sourceRows(emit, record, entity, value),
    );
  }
  for (const object of objects) {
    on(loadTopic(migration, object), (record, emit, value) =>
      loadRows(emit, record, object, value, comparer),
    );
  }
  on(outcomeTopic(migration), (record, emit, value) => outcomeRows(emit, record, value));
  on(identityTopic(migration), (record, emit, value) => identityRows(emit, record, value));
  on(parkedTopic(migration), (record, emit, value) => parkedRows(emit, record, value));
  on(controlTopic(migration), (record, emit, value) => controlRows(emit, record, value));
  on(observedTopic(migration), observedTaker(comparer));
  on(requestTopic(migration), requestTaker());
  return takes;
}

function requestTaker() {
  const isNew = onlyOnce();
  return (record: Consumed, emit: Emit, value: Request): void =>
    requestRows(emit, record, value, isNew(value.request_id));
}

/** All rows of a reply carry the same vectors. */
function observedTaker(comparer: Comparer) {
  const isNew = onlyOnce();
  return (record: Consumed, emit: Emit, value: Observed): void => {
    const withRead =
      value.kind !== "row" || isNew(`${value.object}|${value.read_id}|${value.read_at}`);
    observedRows(emit, record, value, comparer, withRead);
  };
}

function onlyOnce(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    if (seen.size >= remembered) seen.clear();
    seen.add(id);
    return true;
  };
}
