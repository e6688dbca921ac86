import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { SinkGroup, SinkRow } from "../sink.ts";
import { Catalogue } from "./catalogue.ts";
import { linePlan, readyLines } from "./catalogue-lines.ts";
import type { DynamicsClient } from "./client.ts";
import type { Refusal } from "./errors.ts";
import { namesPriceList, PriceLists, priceListPlan } from "./price-lists.ts";
import { productNamesField } from "./product-names.ts";

/** A row whose names are ids, or why it cannot be. */
export interface Ready {
  readonly row: SinkRow;
  readonly refusal?: Refusal;
  /** What stands there goes, and this comes in its place. */
  readonly anew?: true;
}

/** A group's rows, and the plan with the columns they are written to. */
export interface ReadyGroup {
  readonly plan: ObjectPlan;
  readonly rows: readonly Ready[];
}

/** Puts ids in the place of what a plan knows by name only: price lists, and products of the catalogue. */
export class ReadyRows {
  readonly #client: DynamicsClient;
  readonly #catalogue: Catalogue;
  readonly #priceLists: PriceLists;

  constructor(client: DynamicsClient) {
    this.#client = client;
    this.#catalogue = new Catalogue(client);
    this.#priceLists = new PriceLists(client);
  }

  async of(group: SinkGroup): Promise<ReadyGroup> {
    const { plan, operation, rows } = group;
    if (operation !== "delete" && productNamesField(plan) !== undefined) {
      const lines = await readyLines(this.#client, this.#catalogue, group);
      return { plan: linePlan(plan), rows: lines };
    }
    if (operation !== "delete" && namesPriceList(plan)) {
      return { plan: priceListPlan(plan), rows: await this.#priceLists.ready(group) };
    }
    return { plan, rows: rows.map((row) => ({ row })) };
  }
}
