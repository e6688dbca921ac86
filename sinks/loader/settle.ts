import type { Control, Request } from "../../pipeline/core/generated/records.ts";
import type { BatchConsumer } from "../../pipeline/kafka/consumer.ts";
import type { Transaction, TransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import { Completing } from "./completing.ts";
import type { LoaderStore } from "./loader-store.ts";
import { targetsOf } from "./memory.ts";
import type { OffsetTracker } from "./offsets.ts";
import {
  type Claim,
  type Ending,
  identityAfter,
  identityClaimed,
  lateOf,
  identitySuperseded,
  outcomeOf,
  type Parking,
  parkedOf,
  supersededOf,
} from "./records.ts";
import { type RowId, rowId, type Taken } from "./taken.ts";

/** Everything that becomes true in one transaction. */
export interface Settlement {
  readonly endings: readonly Ending[];
  readonly claims: readonly Claim[];
  readonly parkings: readonly Parking[];
  /** Requests as they now stand. */
  readonly requests: readonly Request[];
  readonly events: readonly Control[];
}

/** What a settlement lets go of. */
export class Dropped {
  /** Rows whose references may have gone with it: deletes may have waited for that. */
  readonly rows = new Set<RowId>();
  /** What a version that left referred to: afterwards its record need not be read again. */
  readonly targets = new Map<Taken, readonly RowId[]>();

  left(taken: Taken): readonly RowId[] {
    const targets = targetsOf(taken);
    this.targets.set(taken, targets);
    for (const target of targets) this.rows.add(target);
    return targets;
  }
}

interface Parts {
  readonly stage: Stage;
  readonly store: LoaderStore;
  readonly producer: TransactionalProducer;
  readonly codecs: LoaderCodecs;
  readonly consumer: BatchConsumer;
  readonly offsets: OffsetTracker;
}

const mostAttempts = 20;

/** Writes settlements: outcomes, identity, parked entries, letters, requests and offsets together. */
export class Settler {
  readonly #parts: Parts;
  /** Begin of the last transaction that was committed: no successor had taken over by then. Monotonic ms. */
  provenAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Commits, in Kafka first and in the store after it; an aborted transaction is written again. */
  async settle(settlement: Settlement): Promise<Dropped> {
    const { offsets, consumer, stage } = this.#parts;
    for (const taken of endedBy(settlement)) {
      if (taken.parkedSince === null) offsets.ended(taken.topic, taken.partition, taken.offset);
    }
    const committable = offsets.committable(consumer.positions());
    let dropped = new Dropped();
    await this.transaction((tx) => {
      dropped = this.#write(settlement, tx);
      tx.sendOffsets(consumer, committable);
      failpoint("loader.settling");
    });
    offsets.committed(committable);
    failpoint("loader.settled");
    for (const { taken, older, outcome } of settlement.endings) {
      this.#count(taken, outcome);
      for (const each of older) this.#count(each, "superseded");
    }
    for (const { taken, older } of settlement.parkings) {
      this.#count(taken, "parked");
      for (const each of older) this.#count(each, "superseded");
    }
    const size = settlement.endings.length + settlement.parkings.length;
    if (size > 0) stage.metrics.batchRows.observe({ stage: "load" }, size);
    return dropped;
  }

  /** Runs work in Kafka's transaction and the store's. */
  async transaction(work: (tx: Transaction) => void): Promise<void> {
    const { store, producer, stage } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      const begun = performance.now();
      store.begin();
      try {
        await producer.transaction(work);
      } catch (error) {
        store.rollback();
        const again = error instanceof CutoverError && error.code === "TRANSACTION_ABORTED";
        if (!again || attempt === mostAttempts) throw error;
        stage.log.warn({ event: "transaction_repeated", attempt });
        continue;
      }
      store.commit();
      this.provenAt = begun;
      return;
    }
  }

  #count(taken: Taken, outcome: string): void {
    this.#parts.stage.metrics.records.inc({ stage: "load", object: taken.plan.object, outcome });
  }

  #write(settlement: Settlement, tx: Transaction): Dropped {
    const dropped = new Dropped();
    const completing = new Completing(this.#parts.store);
    for (const claim of settlement.claims) this.#claim(claim, tx, completing);
    for (const ending of settlement.endings) this.#end(ending, tx, dropped, completing);
    for (const parking of settlement.parkings) this.#park(parking, tx, dropped);
    for (const request of settlement.requests) this.#request(request, tx);
    for (const event of [...settlement.events, ...completing.orders()]) {
      this.#parts.codecs.sendControl(tx, event);
    }
    return dropped;
  }

  #claim(claim: Claim, tx: Transaction, completing: Completing): void {
    const { store, codecs } = this.#parts;
    const before = store.identity.get(claim.taken.id);
    const identity = identityClaimed(claim, before, Date.now());
    store.putIdentity(identity);
    codecs.sendIdentity(tx, identity);
    completing.put(identity, before);
  }

  #end(ended: Ending, tx: Transaction, dropped: Dropped, completing: Completing): void {
    const { store, codecs } = this.#parts;
    const { taken, held } = ended;
    const before = store.identity.get(taken.id);
    const ending = lateOf(ended, before);
    const now = Date.now();
    const monotonic = performance.now();
    this.#supersede(ending, tx, dropped);
    codecs.sendOutcome(tx, outcomeOf(ending, now, monotonic));
    failpoint("loader.outcome_sent");
    for (const { object, key } of before?.references ?? []) dropped.rows.add(rowId(object, key));
    dropped.left(taken);
    const identity = identityAfter(ending, before, now);
    store.putIdentity(identity);
    codecs.sendIdentity(tx, identity);
    completing.put(identity, before);
    if (before?.origin === "found" && !before.preimage) this.#preimage(ending, before, tx);
    this.#unpark(held.id, tx, dropped);
    if (ending.outcome === "refused") codecs.sendLetter(tx, ending);
  }

  /** Final with the first write that succeeded; after a refused one it is taken anew. */
  #preimage(ending: Ending, before: { destinationId: string | null }, tx: Transaction): void {
    const { store, codecs } = this.#parts;
    if (before.destinationId === null) return;
    const { object } = ending.taken.plan;
    const preimage = store.preimage(object, before.destinationId);
    if (preimage === undefined) return;
    if (ending.outcome === "refused") store.dropPreimage(object, before.destinationId);
    else if (ending.outcome !== "unchanged") {
      codecs.sendPreimage(tx, { ...preimage, final: true });
      store.putPreimage({ ...preimage, final: true });
    }
  }

  #supersede(
    { older, held }: Pick<Ending, "older" | "held">,
    tx: Transaction,
    dropped: Dropped,
  ): void {
    for (const taken of older) {
      this.#parts.codecs.sendOutcome(tx, supersededOf(taken, held, Date.now(), performance.now()));
      dropped.left(taken);
    }
  }

  #unpark(id: RowId, tx: Transaction, dropped: Dropped): void {
    const { store, codecs } = this.#parts;
    const parked = store.parked.get(id);
    if (parked === undefined) return;
    for (const target of parked.references) dropped.rows.add(target);
    store.parked.remove(id);
    codecs.removeParked(tx, id);
  }

  #park(parking: Parking, tx: Transaction, dropped: Dropped): void {
    const { store, codecs } = this.#parts;
    const { taken, older, held } = parking;
    const before = store.parked.get(held.id);
    for (const target of before?.references ?? []) dropped.rows.add(target);
    this.#supersede(parking, tx, dropped);
    const last = older.at(-1);
    if (last !== undefined) {
      const identity = identitySuperseded(last, store.identity.get(held.id), Date.now());
      store.putIdentity(identity);
      codecs.sendIdentity(tx, identity);
    }
    const entry = parkedOf(parking, Date.now());
    const framed = codecs.sendParked(tx, entry);
    const targets = targetsOf(taken);
    dropped.targets.set(taken, targets);
    store.putParked(entry, framed, targets);
  }

  #request(request: Request, tx: Transaction): void {
    const { store, codecs } = this.#parts;
    const framed = codecs.sendRequest(tx, request);
    const open = request.state !== "ended" && request.state !== "abandoned";
    store.putRequest(request.request_id, framed, open);
    for (const group of request.groups) {
      if (group.operation === "insert") store.scanned(group.object);
    }
  }
}

function* endedBy(settlement: Settlement): Generator<Taken> {
  for (const { taken, older } of [...settlement.endings, ...settlement.parkings]) {
    yield taken;
    yield* older;
  }
}
