import { pause } from "../../pipeline/stage/stage.ts";
import { Inflow } from "./inflow.ts";
import { type LoopEvent, type LoopParts, wire } from "./wiring.ts";

/**
 * Records in hand before nothing more is taken: bulk jobs for four lanes. Their bytes wait on disk;
 * what a row keeps in memory (measured: half a KB of heap) lets no more fit the stage's. Rows that go by
 * small requests keep what was decided of them, too, and need less of a supply: each takes a thousand.
 */
const mostTaken = { byJobs: 44_000, bySmall: 20_000 };
const pollRows = 1000;
const offsetsEveryMs = 500;
/** How long calls under way are waited for at the end. */
const leaveMs = 10_000;

/**
 * The loader's one loop: receive, hold, choose, submit, settle, in rounds. Only it changes the
 * loader's memory; requests under way report to its inbox.
 */
export class LoaderLoop {
  readonly #parts: LoopParts;
  readonly #inbox: LoopEvent[] = [];
  readonly #leaving = new AbortController();
  readonly #wired: ReturnType<typeof wire>;
  readonly #inflow = new Inflow();
  readonly #mostTaken: number;
  #settledAt = 0;
  #dueAt = 0;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#mostTaken = parts.sink.jobs === undefined ? mostTaken.bySmall : mostTaken.byJobs;
    this.#wired = wire(parts, {
      leaving: this.#leaving.signal,
      report: (event) => {
        this.#inbox.push(event);
      },
    });
  }

  /** Runs until the stage stops, then drains. */
  async run(): Promise<void> {
    const { control, submitter } = this.#wired;
    try {
      await this.#adopt();
      while (!this.#parts.stage.stopping.aborted) {
        control.follow();
        await this.#receive();
        await this.#round();
        await this.#send();
      }
      await this.#drain();
    } finally {
      this.#leaving.abort();
      // A call the destination makes wait for minutes is the successor's to ask for.
      const ended = new AbortController();
      void submitter.ended().then(() => ended.abort());
      await pause(leaveMs, ended.signal);
      await control.ended();
    }
  }

  async #adopt(): Promise<void> {
    const { store, codecs, plans, stage } = this.#parts;
    const { adoption, parked, sending, submitter } = this.#wired;
    const requests = await adoption.open(store, codecs, parked, plans);
    for (const request of requests) {
      const whole = adoption.whole(request);
      sending.adopted(request, whole);
      submitter.adopt(request, whole);
    }
    if (requests.length > 0) stage.log.info({ event: "requests_adopted", count: requests.length });
    await sending.abortOrphans();
  }

  async #receive(): Promise<void> {
    if (this.#handsFull()) {
      // All partitions are this consumer's own, so nothing is lost by not polling for a while.
      if (this.#inbox.length === 0) await pause(20, this.#parts.stage.stopping);
      return;
    }
    const records = await this.#parts.consumer.poll(pollRows);
    this.#inflow.took(records.length, performance.now());
    await this.#wired.receiver.receive(records);
  }

  #handsFull(): boolean {
    return this.#wired.offsets.outstanding >= this.#mostTaken;
  }

  /** Wakes, decides, takes answers up, and settles what has ended. */
  async #round(): Promise<void> {
    const { memory, parked, closing, deciding } = this.#wired;
    const now = performance.now();
    if (now - this.#dueAt > 1000) {
      this.#dueAt = now;
      parked.wakeDue(1000);
    }
    await parked.takeWoken(Math.max(0, this.#mostTaken - memory.size));
    for (const held of memory.delayed) {
      if (held.newest !== null && held.newest.trial.notBefore > now) continue;
      memory.delayed.delete(held);
      memory.undecided.add(held);
    }
    await this.#takeInbox();
    closing.add(deciding.decideAll());
    await this.#settle();
  }

  async #send(): Promise<void> {
    const { lag, waves, sending } = this.#wired;
    const full = this.#handsFull();
    const positions = this.#parts.consumer.positions();
    const behind =
      full ||
      this.#inflow.isMany(performance.now()) ||
      lag.notRead(waves.topics, positions) >= pollRows;
    await sending.send({ behind, full });
    lag.update(positions);
  }

  async #takeInbox(): Promise<void> {
    const { adoption, found, memory, deciding, closing } = this.#wired;
    const events = this.#inbox.splice(0);
    const released = adoption.released(this.#parts.consumer.positions());
    for (const event of [...events, ...released]) {
      if (!("request" in event)) {
        const again = await found.take(event);
        for (const held of again) if (held.newest !== null) memory.undecided.add(held);
        if (event.kind === "scanned") deciding.undoInserts(event.plan.object);
        continue;
      }
      const ready = released.includes(event) ? event : adoption.hold(event);
      if (ready !== undefined) await closing.take(ready);
    }
  }

  async #settle(): Promise<void> {
    const { offsets, closing, control } = this.#wired;
    const due = performance.now() - this.#settledAt > offsetsEveryMs;
    const events = control.toSay();
    const moved = due && offsets.committable(this.#parts.consumer.positions()).length > 0;
    if (closing.isEmpty && events.length === 0 && !moved) return;
    await closing.settle(events);
    this.#settledAt = performance.now();
  }

  /** Small calls are waited for; long bulk jobs are left to the successor. */
  async #drain(): Promise<void> {
    const until = performance.now() + 20_000;
    while (this.#wired.sending.open > 0 && performance.now() < until) {
      await this.#takeInbox();
      await this.#settle();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#leaving.abort();
    await this.#settle();
  }
}
