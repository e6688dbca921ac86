import { type AskedRow, type RowResult, resultKey, type Sink } from "../sink.ts";
import { isKeyless } from "../object-plans.ts";
import type { Memory } from "./memory.ts";
import { nextTryAt } from "./parking.ts";
import type { Claim, Ending, Parking } from "./records.ts";
import type { OpenRequest } from "./requests.ts";
import type { RequestEvent } from "./request-event.ts";
import { type Held, isInHand, keyOf, type OpenRow, type SentRow, tried } from "./taken.ts";

type Answered = Extract<RequestEvent, { kind: "answered" }>;

/** What follows from a request's answer for each of its rows. */
export interface Followings {
  readonly endings: Ending[];
  readonly parkings: Parking[];
  /** Rows found to be ours: committed before anything more is sent. */
  readonly claims: Claim[];
  /** Rows to be decided again; those with a time wait for it. */
  readonly again: { readonly held: Held; readonly row: OpenRow; readonly delayMs: number }[];
}

interface Parts {
  readonly memory: Memory;
  readonly sink: Pick<Sink, "canonical">;
  readonly maxAttempts: number;
}

/** Turns results into ends, waits and further tries. */
export class Answers {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A request of which nothing was done: all its rows go again. */
  nothing(request: OpenRequest): Followings {
    const followings: Followings = { endings: [], parkings: [], claims: [], again: [] };
    for (const { rows } of request.groups) {
      for (const row of rows) this.#again(row, 0, followings);
    }
    return followings;
  }

  /**
   * Ends of thousands of rows come some at a time, each a transaction of its own; what waits, goes again
   * or is claimed comes with the last, which ends the request. A successor finds the others ended.
   */
  *of(event: Answered): Generator<Pick<Followings, "endings" | "parkings">, Followings> {
    const followings: Followings = { endings: [], parkings: [], claims: [], again: [] };
    // Rows told apart by what they hold are told apart all at once.
    const whole = event.request.groups.some(({ plan }) => isKeyless(plan));
    for (const { plan, rows } of event.request.groups) {
      for (const row of rows) {
        if (!isInHand(row)) continue;
        this.#one(row, resultKey(plan.object, keyOf(row.id)), event, followings);
        if (whole || followings.endings.length < endsAtOnce) continue;
        yield { endings: followings.endings.splice(0), parkings: [] };
      }
    }
    return followings;
  }

  #one(row: SentRow, name: string, { results, found, failure }: Answered, into: Followings): void {
    const result = results.get(name);
    const stands = found.get(name);
    // A duplicate that was asked for by what it holds is among the found, or somebody else's.
    if (stands !== undefined) this.#found(row, stands, into);
    else if (result !== undefined) this.#result(row, result, into);
    else if (failure !== null) this.#failed(row, failure, into);
    else this.#again(row, 0, into);
  }

  #result(row: SentRow, result: RowResult, into: Followings): void {
    if (result.kind === "refused") {
      this.#refused(row, result, into);
      return;
    }
    const { taken } = row;
    const deletes = taken.record.operation === "delete";
    if (result.kind === "gone" && !deletes) {
      tried(taken, { recreate: true });
      this.#again(row, 0, into);
      return;
    }
    const released = deletes && row.operation === "update" && result.kind !== "gone";
    this.#end(row, into, {
      outcome: deletes ? "deleted" : result.kind === "created" ? "created" : "updated",
      reason: released ? "released" : result.kind === "gone" ? "already_gone" : null,
      destinationId: result.destinationId,
      moreIds: result.moreIds ?? [],
    });
  }

  /** Our write whose reply was lost: it stands there. What stands there decides whether it is whole. */
  #found(row: SentRow, found: AskedRow, into: Followings): void {
    const inserted = row.operation === "insert";
    const { destinationId, moreIds } = found;
    if (found.whole ?? this.#holds(row, found)) {
      this.#end(row, into, {
        outcome: inserted ? "created" : "updated",
        reason: inserted ? "confirmed_late" : null,
        destinationId,
        moreIds,
      });
      return;
    }
    this.#claim(row, [destinationId, ...moreIds], into);
    this.#again(row, 0, into);
  }

  #claim({ taken, loaded }: SentRow, ids: readonly string[], into: Followings): void {
    into.claims.push({ taken, ids, references: loaded });
  }

  #holds({ taken }: SentRow, found: AskedRow): boolean {
    const { fields } = taken.stored.content();
    return taken.plan.fields.every((field) => {
      if (field.createOnly === true || field.owner === true) return true;
      const expected = this.#parts.sink.canonical(field, fields[field.name] ?? null);
      return (found.fields[field.name] ?? null) === expected;
    });
  }

  #refused(row: SentRow, result: Extract<RowResult, { kind: "refused" }>, into: Followings): void {
    const { taken } = row;
    if (result.ids !== undefined) this.#claim(row, result.ids, into);
    const made = row.operation === "insert" || isKeyless(taken.plan);
    if (result.class === "duplicate" && made) {
      this.#duplicate(row, result, into);
      return;
    }
    if (result.class === "storage") {
      this.#park(row, into, "storage_full", result.code, result.message);
      return;
    }
    if (result.class === "retry" || result.class === "locked") {
      tried(taken, { attempts: taken.trial.attempts + 1 });
      const reason = result.class === "locked" ? "locked" : "retries_used_up";
      if (taken.trial.attempts < this.#parts.maxAttempts)
        this.#again(row, backoffMs(taken.trial.attempts), into);
      else this.#park(row, into, reason, result.code, result.message);
      return;
    }
    this.#end(row, into, {
      outcome: "refused",
      reason: null,
      code: result.code,
      field: result.field,
      message: result.message,
      destinationId: result.ids?.[0] ?? null,
    });
  }

  /** Absent from identity and named in this request of ours: an earlier try of it arrived. */
  #duplicate(
    row: SentRow,
    { destinationId, code, message }: Extract<RowResult, { kind: "refused" }>,
    into: Followings,
  ): void {
    if (destinationId === null) {
      this.#park(row, into, "ambiguous", code, message);
      return;
    }
    this.#claim(row, [destinationId], into);
    this.#again(row, 0, into);
  }

  /** The job failed as a whole and did not come to this row. */
  #failed(row: SentRow, failure: string, into: Followings): void {
    const { taken } = row;
    tried(taken, { attempts: taken.trial.attempts + 1 });
    if (taken.trial.attempts < this.#parts.maxAttempts) {
      this.#again(row, backoffMs(taken.trial.attempts), into);
      return;
    }
    this.#park(row, into, "retries_used_up", "JOB_FAILED", failure);
  }

  #end(
    row: SentRow,
    into: Followings,
    end: Omit<Ending, "held" | "taken" | "older" | "requestId" | "references">,
  ): void {
    const { taken } = row;
    into.endings.push({
      ...end,
      held: this.#parts.memory.of(row.id),
      taken,
      older: row.older,
      requestId: row.requestId,
      references: row.loaded,
    });
  }

  #park(
    row: SentRow,
    into: Followings,
    reason: Parking["reason"],
    code: string,
    message: string,
  ): void {
    const held = this.#parts.memory.of(row.id);
    if (held.newest !== null) {
      // Only the newest version waits; this one is superseded by it.
      this.#again(row, 0, into);
      return;
    }
    into.parkings.push({
      held,
      taken: row.taken,
      older: row.older,
      reason,
      field: null,
      target: null,
      code,
      message,
      nextTryAt: nextTryAt(reason),
    });
  }

  #again(row: OpenRow, delayMs: number, into: Followings): void {
    into.again.push({ held: this.#parts.memory.of(row.id), row, delayMs });
  }
}

/** Ends of one transaction: their outcomes and identities are in memory meanwhile. */
const endsAtOnce = 2500;

/** Waits double up to half a minute; a little chance keeps rows that met from meeting again. */
function backoffMs(attempts: number): number {
  return Math.min(30_000, 250 * 2 ** attempts) * (0.75 + Math.random() / 2);
}
