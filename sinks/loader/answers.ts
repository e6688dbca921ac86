import { type AskedRow, type RowResult, resultKey, type Sink } from "../sink.ts";
import { isKeyless } from "../object-plans.ts";
import type { Memory } from "./memory.ts";
import { nextTryAt } from "./parking.ts";
import type { Claim, Ending, Parking } from "./records.ts";
import type { OpenRequest, RequestRow } from "./requests.ts";
import type { RequestEvent } from "./submit.ts";
import type { Held, Ready } from "./taken.ts";

type Answered = Extract<RequestEvent, { kind: "answered" }>;

/** What follows from a request's answer for each of its rows. */
export interface Followings {
  readonly endings: Ending[];
  readonly parkings: Parking[];
  /** Rows found to be ours: committed before anything more is sent. */
  readonly claims: Claim[];
  /** Rows to be decided again; those with a time wait for it. */
  readonly again: { readonly held: Held; readonly row: RequestRow; readonly delayMs: number }[];
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

  of(event: Answered): Followings {
    const followings: Followings = { endings: [], parkings: [], claims: [], again: [] };
    for (const { plan, rows } of event.request.groups) {
      for (const row of rows) {
        const name = resultKey(plan.object, row.key);
        const result = event.results.get(name);
        const found = event.found.get(name);
        if (row.row.sent === null) continue;
        // A duplicate that was asked for by what it holds is among the found, or somebody else's.
        if (found !== undefined) this.#found(row, row.row.sent, found, followings);
        else if (result !== undefined) this.#result(row, row.row.sent, result, followings);
        else if (event.failure !== null) this.#failed(row, event.failure, followings);
        else this.#again(row, 0, followings);
      }
    }
    return followings;
  }

  #result(row: RequestRow, sent: Ready, result: RowResult, into: Followings): void {
    if (result.kind === "refused") {
      this.#refused(row, sent, result, into);
      return;
    }
    const { taken } = sent;
    const deletes = taken.record.operation === "delete";
    if (result.kind === "gone" && !deletes) {
      taken.recreate = true;
      this.#again(row, 0, into);
      return;
    }
    const released = deletes && sent.operation === "update" && result.kind !== "gone";
    this.#end(row, sent, into, {
      outcome: deletes ? "deleted" : result.kind === "created" ? "created" : "updated",
      reason: released ? "released" : result.kind === "gone" ? "already_gone" : null,
      destinationId: result.destinationId,
      moreIds: result.moreIds ?? [],
    });
  }

  /** Our write whose reply was lost: it stands there. What stands there decides whether it is whole. */
  #found(row: RequestRow, sent: Ready, found: AskedRow, into: Followings): void {
    const inserted = sent.operation === "insert";
    const { destinationId, moreIds } = found;
    if (found.whole ?? this.#holds(sent, found)) {
      this.#end(row, sent, into, {
        outcome: inserted ? "created" : "updated",
        reason: inserted ? "confirmed_late" : null,
        destinationId,
        moreIds,
      });
      return;
    }
    this.#claim(sent, [destinationId, ...moreIds], into);
    this.#again(row, 0, into);
  }

  #claim({ taken, references }: Ready, ids: readonly string[], into: Followings): void {
    into.claims.push({ taken, ids, references });
  }

  #holds({ taken }: Ready, found: AskedRow): boolean {
    const { fields } = taken.stored.content();
    return taken.plan.fields.every((field) => {
      if (field.createOnly === true || field.owner === true) return true;
      const expected = this.#parts.sink.canonical(field, fields[field.name] ?? null);
      return (found.fields[field.name] ?? null) === expected;
    });
  }

  #refused(
    row: RequestRow,
    sent: Ready,
    result: Extract<RowResult, { kind: "refused" }>,
    into: Followings,
  ): void {
    const { taken } = sent;
    if (result.ids !== undefined) this.#claim(sent, result.ids, into);
    const made = sent.operation === "insert" || isKeyless(taken.plan);
    if (result.class === "duplicate" && made) {
      this.#duplicate(row, sent, result, into);
      return;
    }
    if (result.class === "storage") {
      this.#park(row, sent, into, "storage_full", result.code, result.message);
      return;
    }
    if (result.class === "retry" || result.class === "locked") {
      taken.attempts += 1;
      const reason = result.class === "locked" ? "locked" : "retries_used_up";
      if (taken.attempts < this.#parts.maxAttempts)
        this.#again(row, backoffMs(taken.attempts), into);
      else this.#park(row, sent, into, reason, result.code, result.message);
      return;
    }
    this.#end(row, sent, into, {
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
    row: RequestRow,
    sent: Ready,
    { destinationId, code, message }: Extract<RowResult, { kind: "refused" }>,
    into: Followings,
  ): void {
    if (destinationId === null) {
      this.#park(row, sent, into, "ambiguous", code, message);
      return;
    }
    this.#claim(sent, [destinationId], into);
    this.#again(row, 0, into);
  }

  /** The job failed as a whole and did not come to this row. */
  #failed(row: RequestRow, failure: string, into: Followings): void {
    const { sent } = row.row;
    if (sent === null) return;
    sent.taken.attempts += 1;
    if (sent.taken.attempts < this.#parts.maxAttempts) {
      this.#again(row, backoffMs(sent.taken.attempts), into);
      return;
    }
    this.#park(row, sent, into, "retries_used_up", "JOB_FAILED", failure);
  }

  #end(
    row: RequestRow,
    sent: Ready,
    into: Followings,
    end: Omit<Ending, "held" | "taken" | "older" | "requestId" | "references">,
  ): void {
    const { taken } = sent;
    into.endings.push({
      ...end,
      held: this.#parts.memory.of(row.id),
      taken,
      older: row.row.older,
      requestId: row.row.requestId,
      references: sent.references,
    });
  }

  #park(
    row: RequestRow,
    sent: Ready,
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
      taken: sent.taken,
      older: row.row.older,
      reason,
      field: null,
      target: null,
      code,
      message,
      nextTryAt: nextTryAt(reason),
    });
  }

  #again(row: RequestRow, delayMs: number, into: Followings): void {
    into.again.push({ held: this.#parts.memory.of(row.id), row, delayMs });
  }
}

/** Waits double up to half a minute; a little chance keeps rows that met from meeting again. */
function backoffMs(attempts: number): number {
  return Math.min(30_000, 250 * 2 ** attempts) * (0.75 + Math.random() / 2);
}
