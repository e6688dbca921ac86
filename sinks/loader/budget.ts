import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import type { Allowance, Sink } from "../sink.ts";

const refreshMs = 60_000;
/** A tenth of this many calls may be ours unnoticed between two looks at the destination's count. */
const refreshCalls = 500;
const dayMs = 24 * 60 * 60 * 1000;

/** Keeps our calls and batches below our share of what the destination grants a day. */
export class Budget {
  readonly #sink: Pick<Sink, "allowance">;
  readonly #stage: Stage;
  readonly #share: number;
  #allowance: Allowance | undefined;
  #calls = 0;
  #batches = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking = false;
  /** Said since the destination was last asked: calls that are due and calls that are not alternate. */
  #said = false;
  #lastCallAt = Number.NEGATIVE_INFINITY;

  constructor(sink: Pick<Sink, "allowance">, stage: Stage, share: number) {
    this.#sink = sink;
    this.#stage = stage;
    this.#share = share;
  }

  /** Looks at the destination's count where ours is old; never waits. */
  refresh(): void {
    const old = performance.now() - this.#askedAt > refreshMs || this.#calls > refreshCalls;
    if (!old || this.#asking) return;
    this.#asking = true;
    this.#sink.allowance().then(
      (allowance) => this.#take(allowance),
      (error: unknown) => this.#missed(error),
    );
  }

  #take(allowance: Allowance): void {
    this.#allowance = allowance;
    this.#calls = 0;
    this.#batches = 0;
    this.#askedAt = performance.now();
    this.#asking = false;
    this.#said = false;
  }

  /** Asks again in a while; until then the last count stands. */
  #missed(error: unknown): void {
    this.#askedAt = performance.now() - refreshMs + 2000;
    this.#asking = false;
    const code = error instanceof CutoverError ? error.code : "UNEXPECTED";
    this.#stage.log.warn({ event: "allowance_unknown", code });
  }

  /** Notes calls that are about to be made. */
  spend(calls: number, batches = 0): void {
    this.#calls += calls;
    this.#batches += batches;
    this.#lastCallAt = performance.now();
  }

  /** Whether so many calls and batches stay within our share. Nothing is sent before the first count. */
  allows(calls: number, batches = 0): boolean {
    if (this.#allowance === undefined) return false;
    const within =
      left(this.#allowance.calls, this.#share) - this.#calls >= calls &&
      left(this.#allowance.batches, this.#share) - this.#batches >= batches;
    if (!within && !this.#said) {
      this.#said = true;
      this.#stage.log.warn({ event: "budget_reached", calls, batches });
    }
    return within;
  }

  /**
   * Milliseconds until a small call is due: half of the share is spent freely, the rest evenly over a
   * day, so that a delta that trickles in all day never meets the ceiling.
   */
  paceMs(): number {
    if (this.#allowance === undefined) return 0;
    const { max } = this.#allowance.calls;
    const remaining = left(this.#allowance.calls, this.#share) - this.#calls;
    if (!Number.isFinite(max) || remaining > (max * this.#share) / 2) return 0;
    return this.#lastCallAt + dayMs / Math.max(1, remaining) - performance.now();
  }
}

function left(grant: { readonly max: number; readonly remaining: number }, share: number): number {
  if (!Number.isFinite(grant.max)) return Number.POSITIVE_INFINITY;
  return grant.remaining - grant.max * (1 - share);
}
