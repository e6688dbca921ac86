import type { ControlKind, ControlValues } from "../../pipeline/core/control.ts";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Observed } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { controlRecord } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import {
  controlTopic,
  loadTopic,
  observedTopic,
  outcomeTopic,
  requestTopic,
} from "../../topics/index.ts";
import type { DestinationRow } from "../sink.ts";

/** Ends of topics before a read is sent. */
export type Before = Pick<Observed, "outcome_before" | "load_before">;

/** What a read is known by. */
export type Read = Pick<Observed, "read_id" | "lane"> & Before;

/** Writes what was read, with the vectors that make it judgeable. */
export interface ObservedWriter {
  /** Take it before the read is sent. */
  before(object: string): Promise<Before>;
  /** The same for several objects at once, by object. */
  beforeEach(objects: readonly string[]): Promise<ReadonlyMap<string, Before>>;
  /** Writes the rows of a reply; the request topic's end is taken now, behind the reply. */
  rows(read: Read, rows: readonly DestinationRow[]): Promise<void>;
  /** Writes records that are no rows, and what is said in control with them. */
  say(records: readonly Observed[], control?: Said): Promise<void>;
  requestAfter(): Promise<readonly number[]>;
  /** End of the observed topic: behind everything written so far. */
  observedEnd(): Promise<readonly number[]>;
  /** Epoch milliseconds, never the same twice: reads are ordered by it. */
  clock(): number;
  close(): Promise<void>;
}

interface Said {
  readonly kind: ControlKind;
  readonly name: string;
  readonly value: ControlValues[ControlKind];
}

/** A record with nothing in it but its kind. */
export function emptyRecord(kind: string, object: string, readId: string, lane: string): Observed {
  return {
    ...{ kind, object, lane, read_id: readId, destination_id: "", key: null, deleted: false },
    ...{ fields: {}, modified_at: null, modified_by: null, rows: null, observed_end: null },
    ...{ outcome_before: [], request_after: [], load_before: [], read_at: 0 },
  };
}

/** Opens the only writer of `observed`. */
export async function openObservedWriter(options: {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly objects: readonly string[];
}): Promise<ObservedWriter> {
  const { stage, connection, migration } = options;
  const topic = observedTopic(migration);
  const control = controlTopic(migration);
  const codecs = openCodecs(connection);
  const encode = await codecs.encoder(topic);
  const encodeControl = await codecs.encoder(control);
  const producer = await openTransactionalProducer(connection, {
    transactionalId: `${migration}.observer`,
    stage,
  });
  const endOf = async (name: string): Promise<readonly number[]> =>
    (await highWatermarks(connection, [name])).get(name) ?? [];
  const beforeEach: ObservedWriter["beforeEach"] = async (objects) => {
    const outcome = outcomeTopic(migration).name;
    const load = new Map(objects.map((each) => [each, loadTopic(migration, each).name] as const));
    const ends = await highWatermarks(connection, [outcome, ...load.values()]);
    const endsOf = (name: string): readonly number[] => ends.get(name) ?? [];
    const of = (name: string) => ({ outcome_before: endsOf(outcome), load_before: endsOf(name) });
    return new Map([...load].map(([object, name]) => [object, of(name)] as const));
  };
  let last = 0;
  const clock = (): number => {
    last = Math.max(last + 1, Date.now());
    return last;
  };
  const say: ObservedWriter["say"] = (records, said) =>
    untilCommitted(stage, () =>
      producer.transaction((tx) => {
        for (const record of records) tx.send(topic.name, topic.key(record), encode(record));
        if (said === undefined) return;
        const event = controlRecord(said.kind, said.name, said.value, "observer");
        tx.send(control.name, control.key(event), encodeControl(event));
      }),
    );
  return {
    say,
    clock,
    before: async (object) => (await beforeEach([object])).get(object) as Before,
    beforeEach,
    async rows(read, rows) {
      if (rows.length === 0) return;
      const request_after = await endOf(requestTopic(migration).name);
      const read_at = clock();
      await say(rows.map((row) => ({ ...rowRecord(row), ...read, request_after, read_at })));
      const [first] = rows;
      stage.metrics.batchRows.observe({ stage: "observe" }, rows.length);
      stage.metrics.records.inc(
        { stage: "observe", object: first?.object ?? "", outcome: read.lane },
        rows.length,
      );
    },
    requestAfter: () => endOf(requestTopic(migration).name),
    observedEnd: () => endOf(topic.name),
    close: () => producer.close(),
  };
}

function rowRecord(row: DestinationRow): Observed {
  return {
    ...emptyRecord("row", row.object, "", ""),
    destination_id: row.destinationId,
    key: row.key,
    deleted: row.deleted,
    fields: row.fields,
    modified_at: row.modifiedAt,
    modified_by: row.modifiedBy,
  };
}

/** The newest read of a row wins, so writing a read again after an unknown commit changes nothing. */
async function untilCommitted(stage: Stage, write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      const isOpen =
        error instanceof CutoverError &&
        (error.code === "TRANSACTION_ABORTED" || error.code === "TRANSACTION_UNKNOWN");
      if (!isOpen || stage.stopping.aborted) throw error;
      stage.log.warn({ event: "observed_written_again", code: error.code });
    }
  }
}
