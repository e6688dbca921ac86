import type { ControlState } from "../../pipeline/core/control.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import { objectPlans } from "../object-plans.ts";
import type { ObservedWriter } from "./observed-writer.ts";
import type { ObserverOptions } from "./observer.ts";
import { writeWatermark } from "./watermark.ts";

/** A row's stamp is taken before its commit shows: each read begins this long before the last one. */
const overlapMs = 10_000;

/**
 * A row read before its outcome was written cannot be judged. As long as the overlap shows it, it is
 * written again this long after, so that a read behind its outcome follows.
 */
const writeAgainMs = 3000;

/** How seldom the watermark is noted: a restart reads this much more again. */
const noteMs = 30_000;

interface Written {
  readonly modifiedAt: number;
  readonly deleted: boolean;
  readonly at: number;
}

/** Reads what changed since, per object, again and again. */
export class FastLane {
  readonly #options: ObserverOptions;
  readonly #writer: ObservedWriter;
  readonly #plans: readonly ObjectPlan[];
  readonly #watermarks: Map<string, number>;
  readonly #written = new Map<string, Written>();
  #dueAt = 0;
  #notedAt = 0;
  #reads = 0;

  constructor(
    options: ObserverOptions,
    writer: ObservedWriter,
    watermarks: ReadonlyMap<string, number>,
  ) {
    this.#options = options;
    this.#writer = writer;
    this.#plans = objectPlans(options.plan);
    this.#watermarks = new Map(watermarks);
  }

  /** Reads once if it is time; the first load is left to the sweep behind it. */
  async readIfDue(control: ControlState): Promise<boolean> {
    const phase = control.get("phase", "migration")?.phase;
    if (phase === undefined || phase === "load") return false;
    if (performance.now() < this.#dueAt) return false;
    this.#dueAt = performance.now() + this.#options.intervalMs;
    // Taken before the reads: what changes meanwhile belongs to the next ones.
    const now = await this.#options.sink.now();
    for (const plan of this.#plans) await this.#read(plan, now);
    await this.#note();
    this.#forget(now);
    return true;
  }

  async #read(plan: ObjectPlan, now: number): Promise<void> {
    const since = (this.#watermarks.get(plan.object) ?? now) - overlapMs;
    const before = await this.#writer.before(plan.object);
    this.#reads += 1;
    const read = { read_id: `fast-${this.#reads}`, lane: "fast", ...before };
    for await (const page of this.#options.sink.observe(plan, since)) {
      const fresh = page.filter((row) => this.#isFresh(row));
      await this.#writer.rows(read, fresh);
      for (const row of fresh) this.#remember(row);
    }
    this.#watermarks.set(plan.object, now);
  }

  #isFresh(row: DestinationRow): boolean {
    const written = this.#written.get(row.destinationId);
    return (
      written === undefined ||
      written.modifiedAt !== row.modifiedAt ||
      written.deleted !== row.deleted ||
      performance.now() - written.at >= writeAgainMs
    );
  }

  #remember({ destinationId, modifiedAt, deleted }: DestinationRow): void {
    this.#written.set(destinationId, { modifiedAt, deleted, at: performance.now() });
  }

  async #note(): Promise<void> {
    if (performance.now() - this.#notedAt < noteMs) return;
    for (const [object, at] of this.#watermarks) await writeWatermark(this.#writer, object, at);
    this.#notedAt = performance.now();
  }

  /** Rows the overlap no longer shows need no memory. */
  #forget(now: number): void {
    for (const [id, { modifiedAt }] of this.#written) {
      if (modifiedAt < now - 3 * overlapMs) this.#written.delete(id);
    }
  }
}
