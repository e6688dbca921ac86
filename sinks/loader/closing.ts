import type { Control, Request } from "../../pipeline/core/generated/records.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import { isKeyless } from "../object-plans.ts";
import type { Answers, Followings } from "./answers.ts";
import type { Ceiling } from "./ceiling.ts";
import type { Memory } from "./memory.ts";
import type { ParkedRows } from "./parking.ts";
import type { Claim, Ending, Parking } from "./records.ts";
import type { RequestEvent } from "./request-event.ts";
import { inState, type OpenRequest } from "./requests.ts";
import type { Sending } from "./sending.ts";
import type { Dropped, Settler } from "./settle.ts";
import type { Submitter } from "./submit.ts";
import { type Held, none, type OpenRow, tried } from "./taken.ts";

interface Parts {
  readonly codecs: Codecs;
  readonly memory: Memory;
  readonly answers: Answers;
  readonly settler: Settler;
  readonly parked: ParkedRows;
  readonly sending: Sending;
  readonly submitter: Submitter;
  readonly ceiling: Ceiling;
}

/** Collects what a round has ended, commits it, and brings memory in line behind the commit. */
export class Closing {
  readonly #parts: Parts;
  #endings: Ending[] = [];
  #parkings: Parking[] = [];
  #claims: Claim[] = [];
  #requests: Request[] = [];
  #again: Followings["again"][number][] = [];
  #closed: OpenRequest[] = [];
  #uploads: OpenRequest[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#endings.length === 0 && this.#parkings.length === 0 && this.#requests.length === 0;
  }

  add(part: { readonly endings: readonly Ending[]; readonly parkings: readonly Parking[] }): void {
    for (const ending of part.endings) this.#endings.push(ending);
    for (const parking of part.parkings) this.#parkings.push(parking);
  }

  /** Takes up what a request has come to. */
  async take(event: RequestEvent): Promise<void> {
    const { answers, sending } = this.#parts;
    const { request } = event;
    if (event.kind === "job_created") {
      request.jobId = event.jobId;
      this.#requests.push(inState(request, "job_created"));
      this.#uploads.push(request);
      return;
    }
    if (event.kind === "uploaded") {
      letGo(request);
      return;
    }
    let followings: Followings;
    if (event.kind !== "answered") {
      if (event.kind === "failed") await sending.failed(request, event.error);
      followings = answers.nothing(request);
      const note = event.kind === "failed" ? String(event.error) : "not sent in time";
      this.#requests.push(inState(request, "abandoned", note));
    } else {
      sending.answered(event);
      followings = await this.#allButLast(answers.of(event));
      this.#requests.push(inState(request, "ended", event.failure));
    }
    this.add(followings);
    for (const again of followings.again) this.#again.push(again);
    this.#claims.push(...followings.claims);
    this.#closed.push(request);
  }

  /** Commits the first ends of many at once; the last ones go with the request's own end. */
  async #allButLast(slices: ReturnType<Answers["of"]>): Promise<Followings> {
    for (;;) {
      const slice = slices.next();
      if (slice.done === true) return slice.value;
      this.add(slice.value);
      await this.settle([]);
      failpoint("loader.ends_settled");
    }
  }

  /** Commits everything collected, then lets memory follow. */
  async settle(events: readonly Control[]): Promise<void> {
    const { settler, memory, parked, submitter } = this.#parts;
    const endings = this.#endings.splice(0);
    const parkings = this.#parkings.splice(0);
    const again = this.#again.splice(0);
    const claims = this.#claims.splice(0);
    const requests = this.#requests.splice(0);
    const dropped = await settler.settle({ endings, claims, parkings, requests, events });
    for (const ended of endings) this.#leave(ended, dropped);
    for (const ended of parkings) {
      this.#leave(ended, dropped);
      parked.tried(ended.held.id, ended.reason);
    }
    for (const { held } of endings) parked.tried(held.id, null);
    for (const { held, row, delayMs } of again) {
      this.#goAgain(held, row, delayMs);
    }
    for (const request of this.#closed.splice(0)) this.#close(request);
    parked.wake(
      [...endings, ...parkings].map(({ held }) => held.id),
      dropped.rows,
    );
    for (const { held } of [...endings, ...parkings]) memory.wakeWaiters(held.id);
    for (const request of this.#uploads.splice(0)) submitter.upload(request);
    if (parkings.length > 0) parked.gauge();
    this.#checkCeiling(endings);
  }

  /** The version has left our hands; what came meanwhile has its turn. */
  #leave({ held, taken, older }: Pick<Ending, "held" | "taken" | "older">, dropped: Dropped): void {
    const { memory } = this.#parts;
    memory.unrefer(taken, dropped.targets.get(taken));
    for (const each of [taken, ...older]) each.stored.release();
    if (held.newest === taken) {
      memory.rest(held);
      held.newest = null;
      held.older = none;
    } else held.open = null;
    if (held.newest !== null) memory.undecided.add(held);
    memory.release(held);
  }

  /** Back among the undecided, or, where a newer version has come, among those it replaces. */
  #goAgain(held: Held, { taken, older }: OpenRow, delayMs: number): void {
    const { memory } = this.#parts;
    held.open = null;
    if (taken === null) {
      held.older = [...older, ...held.older];
    } else if (held.newest !== null) {
      memory.unrefer(taken);
      held.older = [...older, taken, ...held.older];
    } else {
      tried(taken, { notBefore: performance.now() + delayMs });
      held.newest = taken;
      held.older = older;
    }
    if (held.newest === null) memory.release(held);
    else if (held.newest.trial.notBefore > performance.now()) memory.delayed.add(held);
    else memory.undecided.add(held);
  }

  #close(request: OpenRequest): void {
    const { memory, sending, submitter } = this.#parts;
    sending.ended(request);
    submitter.closed(request);
    for (const { rows } of request.groups) {
      for (const row of rows) {
        const held = memory.get(row.id);
        // A row of a predecessor whose version was never read again.
        if (held?.open === row) this.#goAgain(held, row, 0);
      }
    }
  }

  #checkCeiling(endings: readonly Ending[]): void {
    const refused = endings.filter(({ outcome }) => outcome === "refused");
    const example = refused.at(-1);
    this.#parts.ceiling.note(endings.length, refused.length, example?.code ?? "");
  }
}

/** What was uploaded need not be made again, unless results are matched by it: thousands wait for them. */
function letGo({ groups }: OpenRequest): void {
  for (const { plan, rows } of groups) {
    if (!isKeyless(plan)) for (const row of rows) row.sent = null;
  }
}
