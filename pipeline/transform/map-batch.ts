import { rejectedTopic } from "../../topics/index.ts";
import { CutoverError, type RecordError } from "../core/errors.ts";
import { rejectionHeaders, rejectionKey } from "../core/rejection.ts";
import type { SourceRecord } from "../core/source-record.ts";
import type { Codecs } from "../kafka/codec.ts";
import type { Consumed } from "../kafka/consumer.ts";
import type { CompiledPlan } from "../mapping/compile.ts";
import { type Destination, destinationsOf } from "./destinations.ts";
import { Tally } from "./tally.ts";

/** One record to be written. */
export interface Output {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a batch of source records becomes. */
export interface MappedBatch {
  readonly outputs: readonly Output[];
  readonly tally: Tally;
}

/** Maps batches; everything it needs was opened before, so that the loop waits for nothing. */
export type MapBatch = (records: readonly Consumed[]) => Promise<MappedBatch>;

/** A mapper of batches: decode, map, encode; a record that is wrong becomes a letter, its neighbours go on. */
export async function openMapBatch(options: {
  readonly codecs: Codecs;
  readonly compiled: CompiledPlan;
  readonly migration: string;
  readonly run: number;
}): Promise<MapBatch> {
  const { codecs, run } = options;
  const destinations = await destinationsOf(options);
  const rejected = rejectedTopic(options.migration).name;

  return async (records) => {
    const outputs: Output[] = [];
    const tally = new Tally();
    for (const consumed of records) {
      const entity = consumed.topic.slice(consumed.topic.lastIndexOf(".") + 1);
      let record: SourceRecord;
      try {
        const decoding = decode(consumed);
        record = decoding instanceof Promise ? await decoding : decoding;
      } catch (error) {
        const verdict = unreadable(consumed, rejectable(error));
        tally.unreadable(entity, verdict.code);
        outputs.push(letter(consumed, entity, verdict, undefined));
        continue;
      }
      for (const destination of destinations.get(entity) ?? []) {
        mapOne(consumed, record, destination);
      }
    }
    return { outputs, tally };

    function mapOne(consumed: Consumed, record: SourceRecord, to: Destination): void {
      const { mapper } = to;
      tally.taken(mapper.object);
      const { topic, partition, offset, timestamp } = consumed;
      const version = { run, topic, partition, offset };
      const result = mapper.map(record, { version, committedAt: timestamp });
      if (result.kind === "skipped") {
        tally.count(mapper.object, "skipped");
        return;
      }
      try {
        if (result.kind === "rejected") throw new RejectedRecord(result.error);
        outputs.push({ topic: to.topic, key: result.record.key, value: to.encode(result.record) });
        tally.count(mapper.object, "mapped");
      } catch (error) {
        const refusal = { object: mapper.object, ...rejectable(error) };
        tally.rejected(mapper.object, refusal.code);
        outputs.push(letter(consumed, mapper.entity, refusal, record));
      }
    }
  };

  function decode({ value, topic }: Consumed): SourceRecord | Promise<SourceRecord> {
    if (value === null) {
      throw new CutoverError("RECORD_UNREADABLE", `A record of ${topic} has no value.`);
    }
    return codecs.decodeFast<SourceRecord>(value);
  }

  function letter(
    consumed: Consumed,
    entity: string,
    error: RecordError,
    record: SourceRecord | undefined,
  ): Output {
    const sourceId = record?.id ?? consumed.key ?? "";
    return {
      topic: rejected,
      key: rejectionKey(entity, sourceId),
      value: consumed.value,
      headers: rejectionHeaders({
        stage: "transform",
        error,
        entity,
        sourceId,
        revision: record?.meta.revision ?? 0,
        run,
        place: consumed,
      }),
    };
  }
}

/** Carries a mapper's verdict to where all verdicts become letters. */
class RejectedRecord extends Error {
  readonly error: RecordError;

  constructor(error: RecordError) {
    super(error.message);
    this.error = error;
  }
}

/** The verdict on one record; what is no verdict but a broken system is thrown on. */
function rejectable(error: unknown): RecordError {
  if (error instanceof RejectedRecord) return error.error;
  if (error instanceof CutoverError && error.disposition === "reject") {
    return { code: error.code, message: error.message };
  }
  throw error;
}

/** Names the place, because what cannot be read names nothing itself. */
function unreadable(
  { topic, partition, offset }: Consumed,
  { code, message }: RecordError,
): RecordError {
  return {
    code,
    message: `${message} It stands at ${topic}, partition ${partition}, offset ${offset}, where only the poller writes: find what else did, and order the record again.`,
  };
}
