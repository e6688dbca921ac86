import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Sink } from "../sink.ts";
import type { Budget } from "./budget.ts";
import { objectOf, objectsOf } from "./choice.ts";
import type { ReadyRows } from "./choose.ts";
import type { FoundRows } from "./found.ts";
import { type HandsState, Openings } from "./openings.ts";
import { noShard, parentOf, shardOf } from "./sharded-rows.ts";
import type { Memory } from "./memory.ts";
import type { RequestEvent } from "./request-event.ts";
import { abortOrphans } from "./orphan-jobs.ts";
import { Outages } from "./outages.ts";
import { inState, type OpenRequest, requestOf } from "./requests.ts";
import type { Settler } from "./settle.ts";
import type { Submitter } from "./submit.ts";
import { type Held, keyOf, none, referencesRead } from "./taken.ts";

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
  readonly leaveWithinMs: number;
}

/** Parents of a request that holds none. */
const nobody: ReadonlySet<number> = new Set();

/** Chooses ready rows, commits their requests, and lets them go. */
export class Sending {
  readonly #parts: Parts;
  readonly #open = new Map<string, OpenRequest>();
  readonly #outages: Outages;
  readonly #openings: Openings;
  /** Said in control: nothing new is sent. */
  paused = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#outages = new Outages(parts.stage);
    this.#openings = new Openings(parts);
  }

  /** Requests under way. */
  get open(): number {
    return this.#open.size;
  }

  /**
   * A predecessor's request counts among ours. Whose parents it holds is known when its rows have been
   * read again (`whole`); until then it holds its objects.
   */
  adopted(request: OpenRequest, whole: Promise<void>): void {
    this.#open.set(request.id, request);
    this.#parts.ready.lanes.smallOpened(objectsOf(request), nobody);
    if (request.channel === "bulk") void whole.then(() => this.#holdParents(request));
  }

  #holdParents(request: OpenRequest): void {
    if (!this.#open.has(request.id)) return;
    const { lanes } = this.#parts.ready;
    const shards = new Set<number>();
    for (const { rows } of request.groups) {
      for (const { id, taken } of rows) {
        if (taken !== null) shards.add(shardOf(parentOf(keyOf(id), referencesRead(taken))));
      }
    }
    shards.delete(noShard);
    request.shards = shards;
    lanes.smallEnded(objectsOf(request), nobody);
    lanes.bulkOpened(objectOf(request), shards);
  }

  /** Sends what is many enough, or old enough. */
  async send(state: HandsState): Promise<void> {
    const { budget, stage } = this.#parts;
    await this.#prove();
    budget.refresh();
    if (this.paused || stage.stopping.aborted || this.#outages.lasts) return;
    const choices = this.#openings.choose(state, [...this.#open.values()]);
    const requests = choices.map((choice) => requestOf(choice, this.#parts.run));
    if (requests.length === 0) return;
    for (const request of requests) this.#take(request);
    await this.#parts.settler.settle({
      endings: [],
      claims: [],
      parkings: [],
      requests: requests.map((request) => inState(request, "intended")),
      events: [],
    });
    failpoint("loader.request_committed");
    for (const request of requests) this.#go(request);
  }

  /** Says a request once more while its calls wait: who is fenced learns it, and lets none of them leave. */
  async #prove(): Promise<void> {
    const { settler } = this.#parts;
    // Often enough for calls that wait: a commit may take its time.
    if (performance.now() - settler.provenAt < this.#parts.leaveWithinMs / 3) return;
    const waits = [...this.#open.values()].find((each) => {
      return each.channel === "small" && !each.adopted;
    });
    if (waits === undefined) return;
    const requests = [inState(waits, "intended")];
    await settler.settle({ endings: [], claims: [], parkings: [], requests, events: [] });
  }

  /** From here on its rows are open: what comes for them waits. */
  #take(request: OpenRequest): void {
    const { memory } = this.#parts;
    this.#open.set(request.id, request);
    for (const { rows } of request.groups) {
      for (const row of rows) {
        const held = memory.get(row.id) as Held;
        row.older = held.older;
        held.older = none;
        held.newest = null;
        held.ready = null;
        held.open = row;
      }
    }
  }

  #go(request: OpenRequest): void {
    const { submitter, stage } = this.#parts;
    stage.metrics.batchRows.observe({ stage: `load_${request.channel}` }, request.size);
    if (request.channel === "bulk") submitter.openJob(request);
    else submitter.sendSmall(request);
  }

  /** A request has ended: its parents are free for others. */
  ended(request: OpenRequest): void {
    this.#open.delete(request.id);
    const { lanes } = this.#parts.ready;
    if (request.channel === "bulk" && request.shards !== null) {
      lanes.bulkEnded(objectOf(request), request.shards);
    } else lanes.smallEnded(objectsOf(request), request.shards ?? nobody);
  }

  /** The destination answers again; what it locked out of a job says how many jobs go at once. */
  answered({ request, results, failure }: Extract<RequestEvent, { kind: "answered" }>): void {
    this.#outages.over();
    if (request.channel !== "bulk") return;
    const { size: rows } = request;
    let locked = failure === null ? 0 : rows;
    for (const result of results.values()) {
      if (result.kind === "refused" && result.class === "locked") locked += 1;
    }
    this.#parts.ready.lanes.ended(objectOf(request), locked, rows);
  }

  /** Nothing is sent for a while; stops where the error is no outage. */
  async failed(request: OpenRequest, error: unknown): Promise<void> {
    if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
    const orphan = request.channel === "bulk" && request.jobId === null;
    if (orphan && error.code === "SINK_REPLY_LOST") await this.abortOrphans();
    this.#outages.met(error);
  }

  /** Aborts open jobs of our user whose id we never committed. */
  abortOrphans(): Promise<void> {
    const known = new Set([...this.#open.values()].map(({ jobId }) => jobId));
    return abortOrphans(this.#parts, known);
  }
}
