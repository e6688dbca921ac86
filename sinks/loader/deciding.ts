import { carriesFile } from "./choice.ts";
import type { ReadyRows } from "./choose.ts";
import { parentOf, shardOf } from "./sharded-rows.ts";
import type { FoundRows } from "./found.ts";
import { type Decision, decide, type Known } from "./hold.ts";
import type { Memory } from "./memory.ts";
import { nextTryAt, type ParkedRows } from "./parking.ts";
import type { BeforeUs } from "./preimages.ts";
import type { Ending, Parking } from "./records.ts";
import { type Held, keyOf, referencesRead, type Taken } from "./taken.ts";
import { isKeyless } from "../object-plans.ts";
import { ResolvedLazyRow } from "./rows.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";

interface Parts {
  readonly known: Known;
  readonly memory: Memory;
  readonly ready: ReadyRows;
  readonly parked: ParkedRows;
  readonly found: FoundRows;
}

/** Rows one look at the destination takes. */
const lookRows = 500;

/** Decides of every undecided row: ready, waiting, or ended and parked without a call. */
export class Deciding {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  decideAll(): { endings: Ending[]; parkings: Parking[] } {
    const { memory, known } = this.#parts;
    const result = { endings: [] as Ending[], parkings: [] as Parking[] };
    const preimages = new Map<ObjectPlan, BeforeUs[]>();
    const sought = new Map<ObjectPlan, Held[]>();
    // Waiters woken by a circle's end join while we go through.
    for (const held of memory.undecided) {
      memory.undecided.delete(held);
      const taken = held.newest;
      // An open row's next version is decided when the open one has ended.
      if (taken === null || held.open !== null) continue;
      memory.rest(held);
      const decision = decide(taken, known);
      if (decision.kind === "find") gather(sought, taken.plan, held);
      else if (decision.kind === "write" && decision.preimageFirst) {
        const destinationId = decision.row.destinationId as string;
        gather(preimages, taken.plan, { held, destinationId });
      } else this.#carryOut(held, taken, decision, result);
    }
    const { found } = this.#parts;
    for (const [plan, some] of looks(preimages)) found.fetchPreimages(plan, some);
    for (const [plan, some] of looks(sought)) found.find(plan, some);
    return result;
  }

  #carryOut(
    held: Held,
    taken: Taken,
    decision: Exclude<Decision, { kind: "find" }>,
    result: { endings: Ending[]; parkings: Parking[] },
  ): void {
    switch (decision.kind) {
      case "write":
        this.#makeReady(held, taken, decision);
        return;
      case "wait":
        if (this.#parts.memory.wait(held, decision.target)) return;
        // Rows that wait for one another: the first of them is parked, the others find it so.
        this.#park(held, taken, circle(decision.target), result.parkings);
        return;
      case "park":
        this.#park(held, taken, decision, result.parkings);
        return;
      case "unchanged":
        result.endings.push({
          held,
          taken,
          older: held.older,
          outcome: "unchanged",
          reason: decision.reason,
          destinationId: this.#parts.known.store.identity.get(held.id)?.destinationId ?? null,
          requestId: null,
          references: [],
        });
    }
  }

  #makeReady(held: Held, taken: Taken, decision: Extract<Decision, { kind: "write" }>): void {
    const { operation, row, references: loaded } = decision;
    const parent = parentOf(keyOf(taken.id), loaded ?? referencesRead(taken));
    held.ready = {
      taken,
      operation,
      row,
      loaded,
      parent,
      shard: shardOf(parent),
      files: carriesFile(taken.plan, operation, row),
      readyAt: Math.round(performance.now()),
    };
    const bulkable = this.#parts.ready.add(held.ready);
    // Thousands wait for their job; each is resolved again when it is uploaded, and nothing was cleared.
    const again = bulkable && loaded === null && !isKeyless(taken.plan);
    if (again && row instanceof ResolvedLazyRow) row.resolveAgain(this.#parts.known);
  }

  #park(
    held: Held,
    taken: Taken,
    decision: Extract<Decision, { kind: "park" }>,
    parkings: Parking[],
  ): void {
    const { reason, field, target } = decision;
    const { parked, known, memory } = this.#parts;
    if (parked.isSame(held, taken, reason)) {
      // Nothing new to say: it goes back to where it was.
      const next = nextTryAt(reason);
      if (next !== null) known.store.parked.postpone(held.id, next);
      memory.unrefer(taken);
      taken.stored.release();
      held.newest = null;
      parked.tried(held.id, reason);
      memory.wakeWaiters(held.id);
      memory.release(held);
      return;
    }
    parkings.push({
      held,
      taken,
      older: held.older,
      reason,
      field,
      target,
      code: null,
      message: null,
      nextTryAt: nextTryAt(reason),
    });
  }

  /** Rows of an object decided as inserts before those there were known. */
  undoInserts(object: string): void {
    const { memory } = this.#parts;
    for (const held of memory.values()) {
      if (held.ready?.operation !== "insert" || held.ready.taken.plan.object !== object) continue;
      memory.rest(held);
      memory.undecided.add(held);
    }
  }
}

function gather<T>(into: Map<ObjectPlan, T[]>, plan: ObjectPlan, one: T): void {
  const some = into.get(plan);
  if (some === undefined) into.set(plan, [one]);
  else some.push(one);
}

function* looks<T>(gathered: ReadonlyMap<ObjectPlan, readonly T[]>) {
  for (const [plan, all] of gathered) {
    for (let at = 0; at < all.length; at += lookRows) {
      yield [plan, all.slice(at, at + lookRows)] as const;
    }
  }
}

function circle(target: string): Extract<Decision, { kind: "park" }> {
  const at = target.indexOf("|");
  return {
    kind: "park",
    reason: "parent_missing",
    field: null,
    target: { object: target.slice(0, at), key: target.slice(at + 1) },
  };
}
