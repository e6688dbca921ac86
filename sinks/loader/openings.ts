import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { isReadById } from "../object-plans.ts";
import type { Operation, Sink } from "../sink.ts";
import type { Budget } from "./budget.ts";
import { type Choice, type Moment, objectOf, objectsOf } from "./choice.ts";
import { mostBytes, type ReadyRows } from "./choose.ts";
import type { FoundRows } from "./found.ts";
import type { OpenRequest } from "./requests.ts";

interface Parts {
  readonly ready: ReadyRows;
  readonly found: FoundRows;
  readonly budget: Budget;
  readonly sink: Sink;
}

/** What of a moment the loader's hands say. */
export type HandsState = Pick<Moment, "behind" | "full">;

/** Calls of a small request with its doubts, and of a bulk job from its creation to its results. */
const smallCalls = 3;
const bulkCalls = 12;
/** Calls of a request of files, each of which may be large. */
const fileCalls = 103;
/** Requests of files under way at once: their bytes are in memory. */
const mostFiles = 2;
/** Bytes of the records of small requests under way: how many go at once depends on how large they are. */
const mostBytesOpen = 4 * mostBytes;

/** Which requests are opened beside those that are open: as many as the budget and the sink allow. */
export class Openings {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The rows of new requests; their parents are held from here on, and their calls spent. */
  choose(state: HandsState, open: readonly OpenRequest[]): Choice[] {
    const bulk = this.#mayOpenJob();
    const moment = { ...state, bulk, now: performance.now(), open: this.#mayWrite };
    return [
      ...this.#bulk(moment),
      ...this.#small(moment, open, false),
      ...this.#small(moment, open, true),
    ];
  }

  /** Rows without a key of ours are known by identity alone: there is nothing to be found. */
  readonly #mayWrite = (plan: ObjectPlan, operation: Operation): boolean =>
    operation !== "insert" || isReadById(plan) || this.#parts.found.mayInsert(plan);

  #mayOpenJob(): boolean {
    const { sink, budget } = this.#parts;
    return sink.jobs !== undefined && budget.allows(bulkCalls, 1);
  }

  #bulk(moment: Moment): readonly Choice[] {
    const { ready, budget } = this.#parts;
    const choices: Choice[] = [];
    while (this.#mayOpenJob()) {
      const bulk = ready.chooseBulk(moment);
      if (bulk === undefined) break;
      ready.lanes.bulkOpened(objectOf(bulk), bulk.shards);
      budget.spend(bulkCalls, 1);
      choices.push(bulk);
    }
    return choices;
  }

  /** Few rows, or files: each file may take a call, and a request of files takes long. */
  #small(moment: Moment, all: readonly OpenRequest[], files: boolean): readonly Choice[] {
    const { ready, budget, sink } = this.#parts;
    const open = all.filter((each) => each.channel === "small" && each.files === files);
    const { parallel } = sink.limits;
    const most = files ? Math.min(mostFiles, parallel) : parallel;
    const calls = files ? fileCalls : smallCalls;
    let bytes = open.reduce((sum, each) => sum + each.bytes, 0);
    const choices: Choice[] = [];
    while (open.length + choices.length < most && bytes < mostBytesOpen) {
      if (!budget.allows(calls) || budget.paceMs() > 0) break;
      const few = ready.chooseSmall(moment, files);
      if (few === undefined) break;
      const rows = few.groups.flatMap((group) => group.rows);
      for (const { taken } of rows) bytes += taken.stored.bytes;
      budget.spend(files ? Math.min(fileCalls, smallCalls + rows.length) : smallCalls);
      ready.lanes.smallOpened(objectsOf(few), few.shards);
      choices.push(few);
    }
    return choices;
  }
}
