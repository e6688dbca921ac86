import type { ReadyRows } from "./choose.ts";
import { parentOf, shardOf } from "./ready-queue.ts";
import type { BeforeUs, FoundRows } from "./found.ts";
import { type Decision, decide, type Known } from "./hold.ts";
import type { Memory } from "./memory.ts";
import { nextTryAt, type ParkedRows } from "./parking.ts";
import type { Ending, Parking } from "./records.ts";
import type { Held, Taken } from "./taken.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";

interface Parts {
  readonly known: Known;
  readonly memory: Memory;
  readonly ready: ReadyRows;
  readonly parked: ParkedRows;
  readonly found: FoundRows;
}

/** Rows one look for pre-images takes. */
const preimageRows = 500;

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
    // Waiters woken by a circle's end join while we go through.
    for (const held of memory.undecided) {
      memory.undecided.delete(held);
      const taken = held.newest;
      // An open row's next version is decided when the open one has ended.
      if (taken === null || held.open !== null) continue;
      memory.rest(held);
      const decision = decide(taken, known);
      if (decision.kind === "write" && decision.preimageFirst) {
        const rows = preimages.get(taken.plan);
        const row = { held, destinationId: decision.row.destinationId as string };
        if (rows === undefined) preimages.set(taken.plan, [row]);
        else rows.push(row);
      } else this.#carryOut(held, taken, decision, result);
    }
    for (const [plan, rows] of preimages) {
      for (let at = 0; at < rows.length; at += preimageRows) {
        this.#parts.found.fetchPreimages(plan, rows.slice(at, at + preimageRows));
      }
    }
    return result;
  }

  #carryOut(
    held: Held,
    taken: Taken,
    decision: Decision,
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
    const { operation, row, references } = decision;
    held.ready = {
      taken,
      operation,
      row,
      references,
      shard: shardOf(parentOf({ references, taken })),
      readyAt: Math.round(performance.now()),
    };
    this.#parts.ready.add(held.ready);
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

function circle(target: string): Extract<Decision, { kind: "park" }> {
  const at = target.indexOf("|");
  return {
    kind: "park",
    reason: "parent_missing",
    field: null,
    target: { object: target.slice(0, at), key: target.slice(at + 1) },
  };
}
