import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Preimage } from "../../pipeline/core/generated/records.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Transaction } from "../../pipeline/kafka/producer.ts";
import { pause, type Stage } from "../../pipeline/stage/stage.ts";
import type { DestinationRow, Sink } from "../sink.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import type { LoaderStore } from "./loader-store.ts";
import { identityFound } from "./records.ts";
import type { Settler } from "./settle.ts";
import { type Held, rowId } from "./taken.ts";

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
  | { readonly kind: "found_failed"; readonly error: unknown };

/** A row about to be written that was there before us. */
export interface BeforeUs {
  readonly held: Held;
  readonly destinationId: string;
}

interface Parts {
  readonly sink: Sink;
  readonly stage: Stage;
  readonly store: LoaderStore;
  readonly codecs: LoaderCodecs;
  readonly settler: Settler;
  readonly leaving: AbortSignal;
  readonly report: (event: FoundEvent) => void;
}

/**
 * Rows that were there before us. Before the first insert into an object, every row there that
 * carries a source key is read into identity as found; before the first write to one, its pre-image
 * is committed.
 */
export class FoundRows {
  readonly #parts: Parts;
  /** What is brought waits here until the loop has taken it up: an org holds more than memory does. */
  readonly #takenUp = new Map<FoundEvent, () => void>();
  /** Looks for pre-images follow one another. */
  #lastLook: Promise<void> = Promise.resolve();
  readonly #scanned: Set<string>;
  readonly #scanning = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
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
        for await (const rows of sink.observe({ ...plan, fields: [] }, null)) {
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
    this.#lastLook = this.#lastLook.then(() => this.#look(plan, before));
  }

  async #look(plan: ObjectPlan, before: readonly BeforeUs[]): Promise<void> {
    const { sink, report, leaving } = this.#parts;
    if (leaving.aborted) return;
    const ids = before.map(({ destinationId }) => destinationId);
    try {
      const rows = await sink.preimages(plan, [...new Set(ids)]);
      await this.#bring({ kind: "preimages", plan, before, rows });
    } catch (error) {
      const retry = error instanceof CutoverError && error.disposition === "retry";
      if (retry) report({ kind: "preimages", plan, before, rows: undefined });
      else report({ kind: "found_failed", error });
    }
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
          await this.#keepPreimages(event.plan, event.before, event.rows);
        return event.before.map(({ held }) => held);
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

  async #keepPreimages(
    plan: ObjectPlan,
    before: readonly BeforeUs[],
    rows: ReadonlyMap<string, DestinationRow>,
  ): Promise<void> {
    const { store, codecs, settler } = this.#parts;
    await settler.transaction((tx) => {
      for (const { held, destinationId } of before) {
        const row = rows.get(destinationId);
        if (row === undefined) continue;
        if (plan.identity === "user") this.#claimUser(tx, plan, held, destinationId);
        // One that was written to before, and released since, keeps its first.
        if (store.preimage(plan.object, destinationId)?.final === true) continue;
        const preimage = preimageOf(plan, row);
        store.putPreimage(preimage);
        codecs.sendPreimage(tx, preimage);
      }
    });
    // A row that is gone has nothing to be kept: it is created anew.
    for (const { held, destinationId } of before) {
      if (!rows.has(destinationId) && held.newest !== null) held.newest.recreate = true;
    }
  }

  /** The claim is committed with the pre-image, before the first write; a second claimant finds it. */
  #claimUser(tx: Transaction, plan: ObjectPlan, held: Held, destinationId: string): void {
    const { store, codecs } = this.#parts;
    const key = held.newest?.record.key;
    if (key === undefined || store.identity.claimedBy(plan.object, destinationId) !== undefined) {
      return;
    }
    const known = store.identity.get(held.id);
    const identity = identityFound(plan.object, key, destinationId, Date.now(), known);
    store.putIdentity(identity);
    codecs.sendIdentity(tx, identity);
  }
}

function preimageOf(plan: ObjectPlan, row: DestinationRow): Preimage {
  return {
    object: plan.object,
    destination_id: row.destinationId,
    key: row.key ?? "",
    fields: row.fields,
    modified_at: row.modifiedAt,
    final: false,
    taken_at: Date.now(),
  };
}
