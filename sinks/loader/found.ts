import { CutoverError } from "../../pipeline/core/errors.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { pause, type Stage } from "../../pipeline/stage/stage.ts";
import type { DestinationRow, Sink, SinkRow } from "../sink.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import type { LoaderStore } from "./loader-store.ts";
import { type BeforeUs, Preimages } from "./preimages.ts";
import { identityFound } from "./records.ts";
import type { Settler } from "./settle.ts";
import { type Sought, SoughtRows } from "./sought.ts";
import { type Held, none, rowId, tried } from "./taken.ts";

/** A row that was there before us, as identity knows it. */
type FoundRow = Pick<DestinationRow, "destinationId"> & { readonly key: string };

/** What a look at rows that were there before us has brought. */
export type FoundEvent =
  | { readonly kind: "page"; readonly plan: ObjectPlan; readonly rows: readonly FoundRow[] }
  | { readonly kind: "scanned"; readonly plan: ObjectPlan }
  | {
      readonly kind: "preimages";
      readonly plan: ObjectPlan;
      readonly before: readonly BeforeUs[];
      /** Undefined: nobody answered, and they are asked for again. */
      readonly rows: ReadonlyMap<string, DestinationRow> | undefined;
    }
  | {
      readonly kind: "candidates";
      readonly plan: ObjectPlan;
      readonly sought: readonly Sought[];
      /** Ids by source key. Undefined: nobody answered, and they are looked for again. */
      readonly rows: ReadonlyMap<string, readonly string[]> | undefined;
    }
  | { readonly kind: "found_failed"; readonly error: unknown };

interface Parts {
  readonly sink: Sink;
  readonly stage: Stage;
  readonly store: LoaderStore;
  readonly codecs: LoaderCodecs;
  readonly settler: Settler;
  readonly leaving: AbortSignal;
  readonly report: (event: FoundEvent) => void;
}

/** Between a look nobody answered and the next. */
const againMs = 500;

/**
 * Rows that were there before us. Before the first insert into an object, every row there that
 * carries a source key is read into identity as found; before the first insert of a row a rule may
 * find, it is looked for; before the first write to any, its pre-image is committed.
 */
export class FoundRows {
  readonly #parts: Parts;
  /** What is brought waits here until the loop has taken it up: a destination holds more than memory does. */
  readonly #takenUp = new Map<FoundEvent, () => void>();
  readonly #preimages: Preimages;
  /** Looks at single rows follow one another. */
  #lastLook: Promise<void> = Promise.resolve();
  readonly #sought: SoughtRows;
  readonly #scanned: Set<string>;
  readonly #scanning = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#preimages = new Preimages(parts);
    this.#sought = new SoughtRows(parts.leaving);
    this.#scanned = new Set(parts.store.scannedObjects());
  }

  /** Whether inserts into the object may begin; begins the look if not. */
  mayInsert(plan: ObjectPlan): boolean {
    if (this.#scanned.has(plan.object)) return true;
    if (!this.#scanning.has(plan.object)) {
      this.#scanning.add(plan.object);
      void this.#scan(plan);
    }
    return false;
  }

  async #scan(plan: ObjectPlan): Promise<void> {
    const { sink, leaving, report } = this.#parts;
    for (let waitMs = 500; !leaving.aborted; waitMs = Math.min(15_000, waitMs * 2)) {
      try {
        // Whose row it is, and no more: a page of whole rows would be ten times as large.
        for await (const rows of sink.observe({ ...plan, fields: [] })) {
          const keyed = rows.flatMap(({ key, destinationId }) =>
            key === null ? [] : [{ key, destinationId }],
          );
          if (keyed.length > 0) await this.#bring({ kind: "page", plan, rows: keyed });
        }
        report({ kind: "scanned", plan });
        return;
      } catch (error) {
        if (!(error instanceof CutoverError) || error.disposition !== "retry") {
          report({ kind: "found_failed", error });
          return;
        }
        await pause(waitMs, leaving);
      }
    }
  }

  /** Hands an event to the loop and waits until it has been taken up. */
  #bring(event: FoundEvent): Promise<void> {
    return new Promise((resolve) => {
      this.#takenUp.set(event, resolve);
      this.#parts.report(event);
    });
  }

  /** Fetches pre-images for rows about to be written, behind those asked for before; an event brings them back. */
  fetchPreimages(plan: ObjectPlan, before: readonly BeforeUs[]): void {
    const ids = [...new Set(before.map(({ destinationId }) => destinationId))];
    this.#look(
      () => this.#parts.sink.preimages(plan, ids),
      (rows) => ({ kind: "preimages", plan, before, rows }),
    );
  }

  /** Looks for rows others made that stand for these, behind looks begun before; an event brings them. */
  find(plan: ObjectPlan, held: readonly Held[]): void {
    if (this.#sought.add(plan, held)) this.#lookByRule(plan);
  }

  #lookByRule(plan: ObjectPlan): void {
    let sought: readonly Sought[] = [];
    const ask = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
      const taken = await this.#sought.take(plan);
      sought = taken.sought;
      if (taken.rest) this.#lookByRule(plan);
      const rows = sought.map(({ row }) => row);
      return find(this.#parts.sink, plan, rows);
    };
    this.#look(ask, (rows) => ({ kind: "candidates", plan, sought, rows }));
  }

  #look<T>(ask: () => Promise<T>, eventOf: (answer: T | undefined) => FoundEvent): void {
    const { report, leaving } = this.#parts;
    this.#lastLook = this.#lastLook.then(async () => {
      if (leaving.aborted) return;
      try {
        await this.#bring(eventOf(await ask()));
      } catch (error) {
        if (!(error instanceof CutoverError) || error.disposition !== "retry") {
          report({ kind: "found_failed", error });
          return;
        }
        await pause(againMs, leaving);
        report(eventOf(undefined));
      }
    });
  }

  /** Takes an event up in the loop; returns the rows to be decided again. */
  async take(event: FoundEvent): Promise<readonly Held[]> {
    const again = await this.#take(event);
    this.#takenUp.get(event)?.();
    this.#takenUp.delete(event);
    return again;
  }

  async #take(event: FoundEvent): Promise<readonly Held[]> {
    switch (event.kind) {
      case "found_failed":
        throw event.error;
      case "scanned":
        this.#scanned.add(event.plan.object);
        this.#parts.store.scanned(event.plan.object);
        this.#parts.stage.log.info({ event: "object_scanned", object: event.plan.object });
        return [];
      case "page":
        await this.#keepPage(event.plan, event.rows);
        return [];
      case "preimages":
        if (event.rows !== undefined)
          await this.#preimages.keep(event.plan, event.before, event.rows);
        return event.before.map(({ held }) => held);
      case "candidates":
        for (const { taken } of event.rows === undefined ? [] : event.sought) {
          tried(taken, { candidates: event.rows?.get(taken.record.key) ?? none });
        }
        return event.sought.map(({ held }) => held);
    }
  }

  async #keepPage(plan: ObjectPlan, rows: readonly FoundRow[]): Promise<void> {
    const { store, codecs, settler } = this.#parts;
    const strange = rows.filter(
      ({ key }) => store.identity.get(rowId(plan.object, key)) === undefined,
    );
    if (strange.length === 0) return;
    await settler.transaction((tx) => {
      for (const row of strange) {
        const identity = identityFound(plan.object, row.key, row.destinationId, Date.now());
        store.putIdentity(identity);
        codecs.sendIdentity(tx, identity);
      }
    });
  }
}

function find(
  sink: Sink,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (sink.find !== undefined) return sink.find(plan, rows);
  const message = `This destination cannot look for rows of ${plan.object} by a rule.`;
  throw new CutoverError("CONFIG_INVALID", message);
}
