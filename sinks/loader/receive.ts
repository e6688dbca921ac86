import { CutoverError } from "../../pipeline/core/errors.ts";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Memory } from "./memory.ts";
import type { OffsetTracker } from "./offsets.ts";
import type { ParkedRows } from "./parking.ts";
import type { Plans } from "./plans.ts";
import type { Resend } from "./resend.ts";
import type { RecordStore } from "./stored.ts";
import { type Held, type OpenRow, rowId, type Taken, untried } from "./taken.ts";

interface Parts {
  readonly stage: Stage;
  readonly codecs: Codecs;
  readonly store: LoaderStore;
  readonly memory: Memory;
  readonly parked: ParkedRows;
  readonly offsets: OffsetTracker;
  readonly run: number;
  readonly plans: Plans;
  readonly records: RecordStore;
  readonly resend: Resend;
  /** Object of each load topic, with the topic's name as every row of it shares it. */
  readonly objectOf: ReadonlyMap<string, readonly [object: string, topic: string]>;
}

/** Takes load records in: drops what has ended already, and replaces what is older. */
export class Receiver {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async receive(records: readonly Consumed[]): Promise<void> {
    for (const consumed of records) {
      this.#parts.offsets.taken(consumed.topic, consumed.partition, consumed.offset);
      const taken = await this.#read(consumed);
      const kept = taken !== undefined && (await this.#keep(taken));
      if (!kept) taken?.stored.release();
      if (!kept) this.#parts.offsets.ended(consumed.topic, consumed.partition, consumed.offset);
    }
  }

  async #read(consumed: Consumed): Promise<Taken | undefined> {
    const { codecs, stage, plans, objectOf, records, run } = this.#parts;
    const [object, topic] = objectOf.get(consumed.topic) as readonly [string, string];
    if (consumed.value === null) return undefined;
    let record: LoadRecord;
    try {
      const decoded = codecs.decodeFast<LoadRecord>(consumed.value);
      record = decoded instanceof Promise ? await decoded : decoded;
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition !== "reject") throw error;
      // Only we write load topics: without its version there is nothing to account for.
      stage.log.error({
        event: "load_record_unreadable",
        topic: consumed.topic,
        partition: consumed.partition,
        offset: consumed.offset,
      });
      stage.metrics.rejected.inc({ object, code: error.code });
      return undefined;
    }
    if (record.version.run < run) return undefined;
    if (record.version.run > run) {
      throw new CutoverError(
        "PLAN_NOT_CONFIRMED",
        `Run ${record.version.run} has begun and this loader works for run ${run}: start it again.`,
      );
    }
    const plan = plans.of(object, record.entity);
    const stored = records.keep(record, consumed.value);
    // Named one by one: spread in, they would cost each row 40 bytes more.
    return {
      id: rowId(object, record.key),
      plan,
      record: stored,
      stored,
      topic,
      partition: consumed.partition,
      offset: consumed.offset,
      takenAt: Math.round(performance.now()),
      parkedSince: null,
      trial: untried,
    };
  }

  /** False where the version has ended, or waits, already. */
  async #keep(taken: Taken): Promise<boolean> {
    const { store, memory, parked } = this.#parts;
    const version = taken.record;
    const known = store.identity.get(taken.id);
    if (known !== undefined && !newer(version, known)) return false;
    const held = memory.get(taken.id);
    if (held?.open?.taken === null) return this.#readAgain(held, held.open, taken);
    if (held?.newest !== null && held?.newest !== undefined) {
      if (!newer(version, held.newest.record)) return false;
    } else if (held?.open?.taken && !newer(version, held.open.taken.record)) {
      return false;
    }
    const waiting = holdsParked(held) ? undefined : store.parked.get(taken.id);
    if (waiting !== undefined) {
      if (!newer(version, waiting)) return false;
      // The parked version is superseded; it ends when this one does.
      const older = await parked.unpark(taken.id);
      if (older !== undefined && held?.newest == null) {
        memory.replaceNewest(memory.of(taken.id), older);
      }
    }
    memory.replaceNewest(memory.of(taken.id), taken);
    return true;
  }

  /** After a restart: the version a predecessor sent, or those around it, is read again. */
  #readAgain(held: Held, open: OpenRow, taken: Taken): boolean {
    const { offset } = taken.record;
    // Parked by the predecessor with its offset not passed yet: the adoption has it in hand already.
    const parked = this.#parts.store.parked.get(taken.id);
    if (parked !== undefined && !newer(taken.record, parked)) return false;
    if (offset > open.offset) {
      this.#parts.memory.replaceNewest(held, taken);
      // Its turn comes when the open request has ended.
      this.#parts.memory.undecided.delete(held);
      return true;
    }
    if (offset < open.offset) {
      open.older = [...open.older, taken];
      return true;
    }
    open.taken = taken;
    open.sent = this.#parts.resend(open, taken);
    this.#parts.memory.refer(taken);
    return true;
  }
}

/**
 * Whether the parked version is in our hands already: the newest, on its way, or replaced by one
 * that is; its entry stays until that one has ended, and taken out twice it would end twice.
 */
function holdsParked(held: Held | undefined): boolean {
  if (held === undefined) return false;
  const { newest, older, open } = held;
  const inHand = [newest, ...older, open?.taken, ...(open?.older ?? [])];
  return inHand.some((taken) => (taken?.parkedSince ?? null) !== null);
}

function newer(
  a: { readonly run: number; readonly offset: number },
  b: { readonly run: number; readonly offset: number },
): boolean {
  return a.run !== b.run ? a.run > b.run : a.offset > b.offset;
}
