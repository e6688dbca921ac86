import type { Control } from "../../pipeline/core/generated/records.ts";
import { controlRecord, type ControlFollower } from "../../pipeline/kafka/control.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { BatchConsumer } from "../../pipeline/kafka/consumer.ts";
import type { TransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { pause } from "../../pipeline/stage/stage.ts";
import { loadTopic } from "../../topics/index.ts";
import { Adoption } from "./adopt.ts";
import { ordersOfAmendedOwners } from "./amended-owners.ts";
import { Answers } from "./answers.ts";
import { Budget } from "./budget.ts";
import { Ceiling } from "./ceiling.ts";
import { ReadyRows } from "./choose.ts";
import { Closing } from "./closing.ts";
import { Deciding } from "./deciding.ts";
import { type FoundEvent, FoundRows } from "./found.ts";
import type { Sink } from "../sink.ts";
import type { LoaderOptions } from "./loader.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import { LoadLag } from "./load-lag.ts";
import type { LoaderStore } from "./loader-store.ts";
import { Memory } from "./memory.ts";
import { OffsetTracker } from "./offsets.ts";
import { Owners } from "./owners.ts";
import type { Plans } from "./plans.ts";
import { resendWith } from "./resend.ts";
import type { Spool } from "./spool.ts";
import { RecordStore } from "./stored.ts";
import { rowId } from "./taken.ts";
import { ParkedRows } from "./parking.ts";
import { Receiver } from "./receive.ts";
import { Sending } from "./sending.ts";
import { Settler } from "./settle.ts";
import { type RequestEvent, Submitter } from "./submit.ts";
import { Inflow } from "./inflow.ts";
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

/**
 * Records in hand before nothing more is taken: full bulk jobs for four lanes. Their bytes wait on disk,
 * and what a row keeps in memory (measured: 0.7 KB of heap before its upload, 0.6 KB behind it) lets no
 * more fit the stage's heap.
 */
const mostTaken = 44_000;
const pollRows = 1000;
const controlEveryMs = 200;
const offsetsEveryMs = 500;
/** How long calls under way are waited for at the end. */
const leaveMs = 10_000;

/**
 * The loader's one loop: receive, hold, choose, submit, settle, in rounds. Only it changes the
 * loader's memory; requests under way report to its inbox.
 */
export class LoaderLoop {
  readonly #parts: LoopParts;
  readonly #inbox: (RequestEvent | FoundEvent)[] = [];
  readonly #leaving = new AbortController();
  readonly #offsets = new OffsetTracker();
  readonly #ready: ReadyRows;
  readonly #memory: Memory;
  readonly #owners = new Owners();
  readonly #parked: ParkedRows;
  readonly #receiver: Receiver;
  readonly #settler: Settler;
  readonly #submitter: Submitter;
  readonly #adoption: Adoption;
  readonly #found: FoundRows;
  readonly #deciding: Deciding;
  readonly #sending: Sending;
  readonly #closing: Closing;
  readonly #waves: Waves;
  readonly #lag: LoadLag;
  readonly #inflow = new Inflow();
  /** To be said in control with the next settlement. */
  readonly #events: Control[] = [];
  #controlAt = 0;
  #polling: Promise<void> = Promise.resolve();
  #controlError: Error | undefined;
  #settledAt = 0;
  #dueAt = 0;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    const { stage, sink, store, settings, plans, migration, consumer, codecs, encoders } = parts;
    const leaving = this.#leaving.signal;
    const report = (event: RequestEvent | FoundEvent): void => {
      this.#inbox.push(event);
    };
    const topicOf = new Map(
      plans.objects.map((object) => [object, loadTopic(migration, object).name]),
    );
    const records = new RecordStore(codecs, parts.spool);
    const bulkable: Sink["bulkable"] = (...row) => sink.bulkable(...row);
    this.#ready = new ReadyRows(settings, sink.limits, sink.jobs && bulkable);
    const memory = new Memory((ready) => this.#ready.remove(ready));
    this.#memory = memory;
    this.#parked = new ParkedRows({ store, memory, codecs, stage, plans, records });
    const known = { store, memory, owners: this.#owners };
    const resend = resendWith(known);
    this.#settler = new Settler({
      stage,
      store,
      consumer,
      producer: parts.producer,
      codecs: encoders,
      offsets: this.#offsets,
    });
    this.#receiver = new Receiver({
      stage,
      codecs,
      store,
      memory,
      parked: this.#parked,
      offsets: this.#offsets,
      run: parts.run,
      plans,
      records,
      resend,
      objectOf: new Map([...topicOf].map((each) => [each[1], each] as const)),
    });
    const settler = this.#settler;
    this.#found = new FoundRows({ sink, stage, store, codecs: encoders, settler, leaving, report });
    const claimed = (object: string) => (id: string, key: string) => {
      const holder = store.identity.claimedBy(object, id);
      return holder !== undefined && holder !== rowId(object, key);
    };
    const provenAt = (): number => settler.provenAt;
    this.#submitter = new Submitter({ sink, stage, claimed, leaving, provenAt, report });
    this.#adoption = new Adoption(memory, resend);
    const budget = new Budget(sink, stage, settings.callShare);
    this.#deciding = new Deciding({
      known,
      memory,
      ready: this.#ready,
      parked: this.#parked,
      found: this.#found,
    });
    this.#sending = new Sending({
      run: parts.run,
      stage,
      memory,
      ready: this.#ready,
      settler,
      submitter: this.#submitter,
      found: this.#found,
      budget,
      sink,
    });
    const { maxAttempts } = settings;
    const answers = new Answers({ memory, sink, maxAttempts });
    this.#closing = new Closing({
      codecs,
      memory,
      answers,
      settler,
      parked: this.#parked,
      sending: this.#sending,
      submitter: this.#submitter,
      ceiling: new Ceiling(settings.refusalCeiling),
    });
    this.#waves = new Waves(consumer, topicOf);
    this.#lag = new LoadLag(parts.connection, stage, memory, [...topicOf.values()]);
  }

  /** Runs until the stage stops, then drains. */
  async run(): Promise<void> {
    const { stage } = this.#parts;
    try {
      await this.#adopt();
      while (!stage.stopping.aborted) {
        this.#followControl();
        await this.#receive();
        await this.#round();
        const full = this.#handsFull();
        const positions = this.#parts.consumer.positions();
        const behind =
          full ||
          this.#inflow.isMany(performance.now()) ||
          this.#lag.notRead(this.#waves.topics, positions) >= pollRows;
        await this.#sending.send({ behind, full });
        this.#lag.update(positions);
      }
      await this.#drain();
    } finally {
      this.#leaving.abort();
      // A call the destination makes wait for minutes is the successor's to ask for.
      const ended = new AbortController();
      void this.#submitter.ended().then(() => ended.abort());
      await pause(leaveMs, ended.signal);
      await this.#polling;
    }
  }

  async #adopt(): Promise<void> {
    const { store, codecs, plans, sink, stage } = this.#parts;
    const requests = await this.#adoption.open(store, codecs, this.#parked, plans);
    const waitMs = 10_000 + sink.limits.timeoutMs;
    for (const request of requests) {
      this.#sending.adopted(request, this.#adoption.whole(request));
      this.#submitter.adopt(request, waitMs, this.#adoption.whole(request));
    }
    if (requests.length > 0) stage.log.info({ event: "requests_adopted", count: requests.length });
    await this.#sending.abortOrphans();
  }

  /** Looks at the log beside the loop: an empty look takes as long as a round. */
  #followControl(): void {
    if (this.#controlError !== undefined) throw this.#controlError;
    if (performance.now() - this.#controlAt < controlEveryMs) return;
    const { control } = this.#parts;
    this.#controlAt = Number.POSITIVE_INFINITY;
    this.#polling = control.poll().then(
      () => {
        this.#controlAt = performance.now();
      },
      (error: Error) => {
        this.#controlError = error;
      },
    );
    this.#waves.refresh(control.state);
    if (this.#owners.refresh(control.state)) this.#ownersChanged();
    const retry = control.state.get("retry_parked", "loader")?.request;
    const retried = control.state.get("parked_retried", "loader")?.request;
    if (retry !== undefined && retry !== retried) this.#parked.retryAll(retry);
    this.#sending.paused = control.state.get("pause", "migration")?.paused === true;
  }

  #ownersChanged(): void {
    const { store, plans, control } = this.#parts;
    this.#parked.wakeOwners();
    const known = { store, plans, owners: this.#owners, control: control.state };
    this.#events.push(...ordersOfAmendedOwners(known));
  }

  async #receive(): Promise<void> {
    if (this.#handsFull()) {
      // All partitions are this consumer's own, so nothing is lost by not polling for a while.
      if (this.#inbox.length === 0) await pause(20, this.#parts.stage.stopping);
      return;
    }
    const records = await this.#parts.consumer.poll(pollRows);
    this.#inflow.took(records.length, performance.now());
    await this.#receiver.receive(records);
  }

  #handsFull(): boolean {
    return this.#offsets.outstanding >= mostTaken;
  }

  /** Wakes, decides, takes answers up, and settles what has ended. */
  async #round(): Promise<void> {
    const now = performance.now();
    if (now - this.#dueAt > 1000) {
      this.#dueAt = now;
      this.#parked.wakeDue(1000);
    }
    await this.#parked.takeWoken(Math.max(0, mostTaken - this.#memory.size));
    for (const held of this.#memory.delayed) {
      if (held.newest !== null && held.newest.notBefore > now) continue;
      this.#memory.delayed.delete(held);
      this.#memory.undecided.add(held);
    }
    await this.#takeInbox();
    this.#closing.add(this.#deciding.decideAll());
    await this.#settle();
  }

  async #takeInbox(): Promise<void> {
    const events = this.#inbox.splice(0);
    const released = this.#adoption.released(this.#parts.consumer.positions());
    for (const event of [...events, ...released]) {
      if (!("request" in event)) {
        const again = await this.#found.take(event);
        for (const held of again) if (held.newest !== null) this.#memory.undecided.add(held);
        if (event.kind === "scanned") this.#deciding.undoInserts(event.plan.object);
        continue;
      }
      const ready = released.includes(event) ? event : this.#adoption.hold(event);
      if (ready !== undefined) await this.#closing.take(ready);
    }
  }

  async #settle(): Promise<void> {
    const due = performance.now() - this.#settledAt > offsetsEveryMs;
    const retried = this.#parked.retried();
    const events = this.#events.splice(0);
    if (retried !== undefined)
      events.push(controlRecord("parked_retried", "loader", { request: retried }, "loader"));
    const moved = due && this.#offsets.committable(this.#parts.consumer.positions()).length > 0;
    if (this.#closing.isEmpty && events.length === 0 && !moved) return;
    await this.#closing.settle(events);
    this.#settledAt = performance.now();
  }

  /** Small calls are waited for; long bulk jobs are left to the successor. */
  async #drain(): Promise<void> {
    const until = performance.now() + 20_000;
    while (this.#sending.open > 0 && performance.now() < until) {
      await this.#takeInbox();
      await this.#settle();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#leaving.abort();
    await this.#settle();
  }
}
