import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { BatchConsumer } from "../../pipeline/kafka/consumer.ts";
import type { ControlFollower } from "../../pipeline/kafka/control.ts";
import type { TransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { loadTopic } from "../../topics/index.ts";
import type { Sink } from "../sink.ts";
import { Adoption } from "./adopt.ts";
import { Answers } from "./answers.ts";
import { Budget } from "./budget.ts";
import { Ceiling } from "./ceiling.ts";
import { ReadyRows } from "./choose.ts";
import { Closing } from "./closing.ts";
import { Deciding } from "./deciding.ts";
import { type FoundEvent, FoundRows } from "./found.ts";
import { HeardControl } from "./heard-control.ts";
import { LoadLag } from "./load-lag.ts";
import type { LoaderOptions } from "./loader.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import type { LoaderStore } from "./loader-store.ts";
import { Memory } from "./memory.ts";
import { OffsetTracker } from "./offsets.ts";
import { Owners } from "./owners.ts";
import { ParkedRows } from "./parking.ts";
import type { Plans } from "./plans.ts";
import { Receiver } from "./receive.ts";
import { resendWith } from "./resend.ts";
import { Sending } from "./sending.ts";
import { Settler } from "./settle.ts";
import type { Spool } from "./spool.ts";
import { RecordStore } from "./stored.ts";
import type { RequestEvent } from "./request-event.ts";
import { Submitter } from "./submit.ts";
import { rowId } from "./taken.ts";
import { Waves } from "./waves.ts";

/** What the loop is given, opened. */
export interface LoopParts extends LoaderOptions {
  readonly control: ControlFollower;
  readonly codecs: Codecs;
  readonly encoders: LoaderCodecs;
  readonly plans: Plans;
  readonly spool: Spool;
  readonly store: LoaderStore;
  readonly producer: TransactionalProducer;
  readonly consumer: BatchConsumer;
}

/** What works beside the loop tells it so: the loop takes it up when it comes by. */
export type LoopEvent = RequestEvent | FoundEvent;

/** How the parts reach the loop. */
interface Ends {
  /** Aborted when the loop ends. */
  readonly leaving: AbortSignal;
  readonly report: (event: LoopEvent) => void;
}

/** The parts of one loader, each with those it works with. */
export function wire(parts: LoopParts, { leaving, report }: Ends) {
  const { stage, sink, store, settings, plans, migration, consumer, codecs, encoders, run } = parts;
  const { leaveWithinMs = 10_000 } = parts;
  const topicOf = new Map(plans.objects.map((each) => [each, loadTopic(migration, each).name]));
  const objectOf = new Map([...topicOf].map((each) => [each[1], each] as const));
  const bulkable: Sink["bulkable"] = (...row) => sink.bulkable(...row);
  const ready = new ReadyRows(settings, sink.limits, sink.jobs && bulkable);
  const memory = new Memory((row) => ready.remove(row));
  const offsets = new OffsetTracker();
  const owners = new Owners();
  const records = new RecordStore(codecs, parts.spool);
  const known = { store, memory, owners };
  const resend = resendWith(known);
  const parked = new ParkedRows({ store, memory, codecs, stage, plans, records });
  const { producer } = parts;
  const settler = new Settler({ stage, store, consumer, producer, codecs: encoders, offsets });
  const found = new FoundRows({ sink, stage, store, codecs: encoders, settler, leaving, report });
  const submitter = new Submitter({
    ...{ sink, stage, leaving, report, leaveWithinMs },
    claimed: (object) => (id, key) => {
      const holder = store.identity.claimedBy(object, id);
      return holder !== undefined && holder !== rowId(object, key);
    },
    provenAt: () => settler.provenAt,
  });
  const budget = new Budget(sink, stage, settings.callShare);
  const sending = new Sending({
    ...{ run, stage, memory, ready, settler, submitter, found, budget, sink, leaveWithinMs },
  });
  const answers = new Answers({ memory, sink, maxAttempts: settings.maxAttempts });
  const ceiling = new Ceiling(settings.refusalCeiling);
  const waves = new Waves(consumer, topicOf);
  const receiving = { stage, codecs, store, memory, parked, offsets, run, plans, records, resend };
  return {
    ...{ memory, offsets, parked, found, submitter, sending, waves },
    receiver: new Receiver({ ...receiving, objectOf }),
    adoption: new Adoption(memory, resend),
    deciding: new Deciding({ known, memory, ready, parked, found }),
    closing: new Closing({
      ...{ codecs, memory, answers, settler, parked, sending, submitter, ceiling },
    }),
    lag: new LoadLag(parts.connection, stage, memory, [...topicOf.values()]),
    control: new HeardControl({
      ...{ control: parts.control, store, plans, owners, waves, parked, sending },
    }),
  };
}
