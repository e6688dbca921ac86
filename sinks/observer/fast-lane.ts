import type { ControlState } from "../../pipeline/core/control.ts";
import type { CutoverError } from "../../pipeline/core/errors.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import { objectPlans } from "../object-plans.ts";
import type { Before, ObservedWriter } from "./observed-writer.ts";
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

/** Reads what changed since, of several objects by one call, again and again. */
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
    await this.#begin();
    const most = this.#options.sink.limits.changes;
    const failures: CutoverError[] = [];
    for (let from = 0; from < this.#plans.length; from += most) {
      failures.push(...(await this.#read(this.#plans.slice(from, from + most))));
    }
    await this.#note();
    this.#forget();
    const [first] = failures;
    if (first !== undefined)
      throw failures.find(({ disposition }) => disposition === "stop") ?? first;
    return true;
  }

  /** What has never been read is read from now on. */
  async #begin(): Promise<void> {
    const fresh = this.#plans.filter(({ object }) => !this.#watermarks.has(object));
    if (fresh.length === 0) return;
    const now = await this.#options.sink.now();
    for (const { object } of fresh) this.#watermarks.set(object, now);
  }

  /** Reads what few enough objects for one call have changed; an object that fails is read again next time. */
  async #read(plans: readonly ObjectPlan[]): Promise<readonly CutoverError[]> {
    const objects = plans.map(({ object }) => object);
    const befores = await this.#writer.beforeEach(objects);
    this.#reads += 1;
    const failures: CutoverError[] = [];
    const reads = plans.map((plan) => ({ plan, since: this.#reached(plan) - overlapMs }));
    for await (const news of this.#options.sink.changes(reads)) {
      const { object } = news.plan;
      if (news.kind === "failed") failures.push(news.error);
      // What changed meanwhile belongs to the next read.
      else if (news.kind === "read") {
        this.#watermarks.set(object, Math.max(news.at, this.#reached(news.plan)));
      } else await this.#write(befores.get(object) as Before, news.rows);
    }
    return failures;
  }

  #reached({ object }: ObjectPlan): number {
    return this.#watermarks.get(object) as number;
  }

  async #write(before: Before, page: readonly DestinationRow[]): Promise<void> {
    const fresh = page.filter((row) => this.#isFresh(row));
    const read = { read_id: `fast-${this.#reads}`, lane: "fast", ...before };
    await this.#writer.rows(read, fresh);
    for (const row of fresh) this.#remember(row);
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
  #forget(): void {
    const oldest = Math.min(...this.#plans.map((plan) => this.#reached(plan)));
    for (const [id, { modifiedAt }] of this.#written) {
      if (modifiedAt < oldest - 3 * overlapMs) this.#written.delete(id);
    }
  }
}
