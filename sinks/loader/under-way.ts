import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import { isKeyless } from "../object-plans.ts";
import type { ClaimedByOther, RowResults, Sink } from "../sink.ts";
import { Asking } from "./asking.ts";
import { type Persist, persistUntil } from "./persist.ts";
import type { RequestEvent } from "./request-event.ts";
import type { OpenRequest } from "./requests.ts";

/** What requests under way work with. */
export interface UnderWayParts {
  readonly sink: Sink;
  readonly stage: Stage;
  /** Whether a key other than the one named holds a row of the object. */
  readonly claimed: (object: string) => ClaimedByOther;
  /** Aborted when the loop ends: tasks stop waiting and leave their requests to the successor. */
  readonly leaving: AbortSignal;
  /** When it was last certain that no successor had taken over, monotonic ms. */
  readonly provenAt: () => number;
  /** A request leaves within this time of its commit, or not at all; each of its calls within this time of a commit. */
  readonly leaveWithinMs: number;
  readonly report: (event: RequestEvent) => void;
}

/** Requests under way, small or of jobs: each is a task beside the loop and ends with a report. */
export class UnderWay {
  readonly persist: Persist;
  readonly #parts: UnderWayParts;
  readonly #tasks = new Set<Promise<void>>();
  readonly #asking: Asking;
  readonly #whole = new Map<string, Promise<void>>();

  constructor(parts: UnderWayParts) {
    this.#parts = parts;
    this.persist = persistUntil(parts.leaving);
    this.#asking = new Asking({ ...parts, persist: this.persist });
  }

  run(request: OpenRequest, work: () => Promise<void>): void {
    const task = work().catch((error: unknown) => {
      this.#parts.report({ kind: "failed", request, error });
    });
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  /** Resolves when no task is under way. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  unsent(request: OpenRequest): void {
    this.#parts.report({ kind: "unsent", request });
  }

  /** Too long after its commit: a successor may ask for it any time, so that it must not leave. */
  isTooLate(request: OpenRequest): boolean {
    return performance.now() - request.committedAt > this.#parts.leaveWithinMs;
  }

  /** Asks for rows whose fate is unknown, then reports. `ended`: what has no result was not written. */
  async answer(
    request: OpenRequest,
    results: RowResults,
    failure: string | null,
    ended = false,
  ): Promise<void> {
    if (!(await this.isWhole(request))) return;
    const found = await this.#asking.found(request, results, ended);
    if (found === undefined) return;
    this.#parts.report({ kind: "answered", request, results, found, failure });
  }

  /** A predecessor's request: `whole` resolves when what it sent has been read again. */
  adopted(request: OpenRequest, whole: Promise<void>): void {
    this.#whole.set(request.id, whole);
  }

  /** Waits until a predecessor's rows without a key can be looked for; false when the loader leaves. */
  async isWhole(request: OpenRequest): Promise<boolean> {
    const { leaving } = this.#parts;
    if (request.adopted && request.groups.some(({ plan }) => needsContent(plan))) {
      const left = new Promise<void>((resolve) => {
        if (leaving.aborted) resolve();
        leaving.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.race([this.#whole.get(request.id), left]);
    }
    return !leaving.aborted;
  }
}

/** Whether asking for a row takes what was sent: without a key, or to compare a file's bytes. */
function needsContent(plan: ObjectPlan): boolean {
  return isKeyless(plan) || plan.fields.some(({ type }) => type === "file");
}
