import type {
  Control,
  Identity,
  Outcome,
  Parked,
  Preimage,
  Request,
} from "../../pipeline/core/generated/records.ts";
import { rejectionHeaders, rejectionKey } from "../../pipeline/core/rejection.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Transaction } from "../../pipeline/kafka/producer.ts";
import {
  controlTopic,
  identityTopic,
  outcomeTopic,
  parkedTopic,
  preimageTopic,
  rejectedTopic,
  requestTopic,
  type Topic,
} from "../../topics/index.ts";
import type { Ending } from "./records.ts";
import type { RowId } from "./taken.ts";

type Send<T> = (tx: Transaction, value: T) => Buffer;

/** Every record the loader writes, each into its topic under its key. */
export interface LoaderCodecs {
  readonly sendOutcome: Send<Outcome>;
  readonly sendIdentity: Send<Identity>;
  readonly sendRequest: Send<Request>;
  readonly sendParked: Send<Parked>;
  readonly sendPreimage: Send<Preimage>;
  readonly sendControl: Send<Control>;
  removeParked(tx: Transaction, id: RowId): void;
  /** The letter of a refused row: its load record's bytes and the destination's own code. */
  sendLetter(tx: Transaction, ending: Ending): void;
}

/** Registers the schemas and binds the encoders to the migration's topics. */
export async function openLoaderCodecs(codecs: Codecs, migration: string): Promise<LoaderCodecs> {
  const bind = async <T>(topic: Topic<T>): Promise<Send<T>> => {
    const encode = await codecs.encoder(topic);
    return (tx, value) => {
      const framed = encode(value);
      tx.send(topic.name, topic.key(value), framed);
      return framed;
    };
  };
  const parked = parkedTopic(migration);
  const rejected = rejectedTopic(migration);
  return {
    sendOutcome: await bind(outcomeTopic(migration)),
    sendIdentity: await bind(identityTopic(migration)),
    sendRequest: await bind(requestTopic(migration)),
    sendParked: await bind(parked),
    sendPreimage: await bind(preimageTopic(migration)),
    sendControl: await bind(controlTopic(migration)),
    removeParked: (tx, id) => tx.send(parked.name, id, null),
    sendLetter(tx, ending) {
      const { plan, stored } = ending.taken;
      const record = stored.whole();
      const headers = rejectionHeaders({
        stage: "load",
        error: {
          code: "SINK_RECORD_REFUSED",
          message: `${ending.code}: ${ending.message ?? ""}`,
          object: plan.object,
          ...(ending.field === null || ending.field === undefined ? {} : { field: ending.field }),
        },
        entity: record.entity,
        sourceId: record.source_id,
        revision: record.revision,
        run: record.version.run,
        place: record.version,
      });
      tx.send(
        rejected.name,
        rejectionKey(record.entity, record.source_id),
        stored.framed(),
        headers,
      );
    },
  };
}
