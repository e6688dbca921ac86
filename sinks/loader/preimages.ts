import type { Preimage } from "../../pipeline/core/generated/records.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Transaction } from "../../pipeline/kafka/producer.ts";
import type { DestinationRow } from "../sink.ts";
import { isAlive } from "./identity-table.ts";
import type { LoaderCodecs } from "./loader-codecs.ts";
import type { LoaderStore } from "./loader-store.ts";
import { identityFound } from "./records.ts";
import type { Settler } from "./settle.ts";
import { type Held, tried } from "./taken.ts";

/** A row about to be written that was there before us. */
export interface BeforeUs {
  readonly held: Held;
  readonly destinationId: string;
}

interface Parts {
  readonly store: LoaderStore;
  readonly codecs: LoaderCodecs;
  readonly settler: Settler;
}

/** Commits pre-images, and with them whose the rows are that no key of ours named. */
export class Preimages {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async keep(
    plan: ObjectPlan,
    before: readonly BeforeUs[],
    rows: ReadonlyMap<string, DestinationRow>,
  ): Promise<void> {
    await this.#parts.settler.transaction((tx) => {
      for (const each of before) {
        const row = rows.get(each.destinationId);
        if (row !== undefined && this.#claim(tx, plan, each)) this.#keepOne(tx, plan, row);
      }
    });
    // A row that is gone has nothing to be kept: it is created anew.
    for (const { held, destinationId } of before) {
      if (!rows.has(destinationId) && held.newest !== null) tried(held.newest, { recreate: true });
    }
  }

  #keepOne(tx: Transaction, plan: ObjectPlan, row: DestinationRow): void {
    const { store, codecs } = this.#parts;
    // One that was written to before, and released since, keeps its first.
    if (store.preimage(plan.object, row.destinationId)?.final === true) return;
    const preimage = preimageOf(plan, row);
    store.putPreimage(preimage);
    codecs.sendPreimage(tx, preimage);
  }

  /**
   * Whether the row is this record's. The claim is committed with the pre-image, before the first write;
   * a second claimant finds it, and keeps its hands off a pre-image the first may be writing behind.
   */
  #claim(tx: Transaction, plan: ObjectPlan, { held, destinationId }: BeforeUs): boolean {
    if (plan.identity !== "user" && plan.find === undefined) return true;
    const { store, codecs } = this.#parts;
    const holder = store.identity.claimedBy(plan.object, destinationId);
    if (holder !== undefined) return holder === held.id;
    const known = store.identity.get(held.id);
    const key = held.newest?.record.key;
    if (key === undefined || isAlive(known)) return false;
    const identity = identityFound(plan.object, key, destinationId, Date.now(), known);
    store.putIdentity(identity);
    codecs.sendIdentity(tx, identity);
    return true;
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
