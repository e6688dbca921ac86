import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { pause } from "../../pipeline/stage/stage.ts";
import type { SinkRow } from "../sink.ts";
import { soughtRow } from "./finding.ts";
import type { Held, Taken } from "./taken.ts";

/** A version the plan's rule is to be tried on. */
export interface Sought {
  readonly held: Held;
  readonly taken: Taken;
  /** With the fields the rule looks by. */
  readonly row: SinkRow;
}

/** Between the beginnings of two looks where many rows come: they share one. */
const lookEveryMs = 1000;
/** Fewer rows are looked for at once. */
const manyRows = 100;
/** Rows of one look; so many wait for nothing. */
const mostRows = 3000;

/** Rows to be looked for by their plans' rules, until their look begins. */
export class SoughtRows {
  readonly #leaving: AbortSignal;
  readonly #waiting = new Map<ObjectPlan, Sought[]>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(leaving: AbortSignal) {
    this.#leaving = leaving;
  }

  /** Whether they are the first of their plan: a look must be begun for them. */
  add(plan: ObjectPlan, held: readonly Held[]): boolean {
    const more = held.flatMap((each): Sought[] => {
      const { newest: taken } = each;
      return taken === null ? [] : [{ held: each, taken, row: soughtRow(taken) }];
    });
    const waiting = this.#waiting.get(plan);
    if (waiting === undefined) this.#waiting.set(plan, more);
    else waiting.push(...more);
    return waiting === undefined;
  }

  /** The rows of a look that begins; `rest`: others are left, and need another one. */
  async take(
    plan: ObjectPlan,
  ): Promise<{ readonly sought: readonly Sought[]; readonly rest: boolean }> {
    const waiting = this.#waiting.get(plan) ?? [];
    const until = this.#lookedAt + lookEveryMs;
    const fills = (): boolean => waiting.length >= manyRows && waiting.length < mostRows;
    while (fills() && performance.now() < until && !this.#leaving.aborted) {
      await pause(Math.min(50, until - performance.now()), this.#leaving);
    }
    this.#lookedAt = performance.now();
    const sought = waiting.splice(0, mostRows);
    if (waiting.length === 0) this.#waiting.delete(plan);
    return { sought, rest: waiting.length > 0 };
  }
}
