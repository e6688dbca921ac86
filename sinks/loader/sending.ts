import { CutoverError } from "../../pipeline/core/errors.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Operation, Sink } from "../sink.ts";
import type { Budget } from "./budget.ts";
import type { Choice, ReadyRows } from "./choose.ts";
import type { FoundRows } from "./found.ts";
import type { Memory } from "./memory.ts";
import { type OpenRequest, requestOf } from "./requests.ts";
import type { Settler } from "./settle.ts";
import type { Submitter } from "./submit.ts";
import type { Held } from "./taken.ts";

interface Parts {
  readonly run: number;
  readonly stage: Stage;
  readonly memory: Memory;
  readonly ready: ReadyRows;
  readonly settler: Settler;
  readonly submitter: Submitter;
  readonly found: FoundRows;
  readonly budget: Budget;
  readonly sink: Sink;
}

/** Calls of a small request with its doubts, and of a bulk job from its creation to its results. */
const smallCalls = 3;
const bulkCalls = 12;
/** Small calls under way at once: more would only compete for the same locks. */
const mostSmall = 2;

/** Chooses ready rows, commits their requests, and lets them go. */
export class Sending {
  readonly #parts: Parts;
  readonly #open = new Map<string, OpenRequest>();
  #notBefore = 0;
  #outages = 0;
  /** Said in control: nothing new is sent. */
  paused = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Requests under way. */
  get open(): number {
    return this.#open.size;
  }

  /** A predecessor's request counts among ours. */
  adopted(request: OpenRequest): void {
    this.#open.set(request.id, request);
  }

  /** Sends what is many enough, or old enough. */
  async send(behind: boolean): Promise<void> {
    const { budget, stage } = this.#parts;
    budget.refresh();
    if (this.paused || stage.stopping.aborted || performance.now() < this.#notBefore) return;
    const requests = this.#choose(behind).map((choice) => requestOf(choice, this.#parts.run));
    if (requests.length === 0) return;
    for (const request of requests) this.#take(request);
    await this.#parts.settler.settle({
      endings: [],
      claims: [],
      parkings: [],
      requests: requests.map(({ record }) => record),
      events: [],
    });
    failpoint("loader.request_committed");
    for (const request of requests) this.#go(request);
  }

  #choose(behind: boolean): Choice[] {
    const { ready, budget } = this.#parts;
    const mayWrite = (plan: ObjectPlan, operation: Operation): boolean =>
      operation !== "insert" || this.#parts.found.mayInsert(plan);
    const choices: Choice[] = [];
    while (budget.allows(bulkCalls, 1)) {
      const bulk = ready.chooseBulk(mayWrite);
      if (bulk === undefined) break;
      ready.bulkOpened(objectOf(bulk), bulk.shards);
      budget.spend(bulkCalls, 1);
      choices.push(bulk);
    }
    const small = [...this.#open.values()].filter((each) => each.channel === "collections").length;
    if (small < mostSmall && budget.allows(smallCalls) && budget.paceMs() <= 0) {
      const few = ready.chooseSmall(performance.now(), behind, mayWrite);
      if (few !== undefined) {
        budget.spend(smallCalls);
        choices.push(few);
      }
    }
    return choices;
  }

  /** From here on its rows are open: what comes for them waits. */
  #take(request: OpenRequest): void {
    const { memory } = this.#parts;
    this.#open.set(request.id, request);
    for (const { rows } of request.groups) {
      for (const { id, row } of rows) {
        const held = memory.get(id) as Held;
        row.older = held.older;
        held.older = [];
        held.newest = null;
        held.ready = null;
        held.open = row;
      }
    }
  }

  #go(request: OpenRequest): void {
    const { submitter, stage } = this.#parts;
    stage.metrics.batchRows.observe({ stage: `load_${request.channel}` }, request.record.rows);
    if (request.channel === "bulk") submitter.openJob(request);
    else submitter.sendSmall(request);
  }

  /** A request has ended: its parents are free for others. */
  ended(request: OpenRequest): void {
    this.#open.delete(request.id);
    if (request.channel === "bulk" && !request.adopted) {
      this.#parts.ready.bulkEnded(objectOf(request), request.shards);
    }
  }

  /** The destination answers again. */
  answered(): void {
    this.#outages = 0;
  }

  /** Nothing is sent for a while; stops where the error is no outage. */
  async failed(request: OpenRequest, error: unknown): Promise<void> {
    if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
    this.#outages += 1;
    const waitMs =
      error.code === "SINK_THROTTLED" ? 30_000 : Math.min(30_000, 250 * 2 ** this.#outages);
    this.#notBefore = performance.now() + waitMs;
    const { stage } = this.#parts;
    if (error.code === "SINK_THROTTLED") {
      stage.metrics.throttleSeconds.inc({ system: "destination" }, waitMs / 1000);
    }
    stage.log.warn({ event: "request_failed", code: error.code, message: error.message, waitMs });
    const orphan = request.channel === "bulk" && request.jobId === null;
    if (orphan && error.code === "SINK_REPLY_LOST") await this.abortOrphans();
  }

  /** Aborts open jobs of our user whose id we never committed. */
  async abortOrphans(): Promise<void> {
    const { sink, stage } = this.#parts;
    const known = new Set([...this.#open.values()].map(({ jobId }) => jobId));
    try {
      for (const job of await sink.openJobs()) {
        if (job.state !== "open" || known.has(job.id)) continue;
        await sink.abortJob(job.id);
        stage.log.info({ event: "orphan_job_aborted", jobId: job.id, object: job.object });
      }
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
      // An open job without rows does nothing but wait; the next start looks again.
      stage.log.warn({ event: "orphan_jobs_unknown", code: error.code });
    }
  }
}

function objectOf({ groups }: Pick<Choice | OpenRequest, "groups">): string {
  return (groups[0] as { readonly plan: ObjectPlan }).plan.object;
}
