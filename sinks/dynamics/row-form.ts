import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { askFor, targetsOf } from "./lookups.ts";
import { type Metadata, type TableFacts, tableOf } from "./metadata.ts";

/** What it takes to write rows of a plan: its table, and how the tables its lookups lead to are addressed. */
export interface RowForm {
  readonly plan: ObjectPlan;
  readonly table: TableFacts;
  /** Entity sets by logical name. */
  readonly sets: ReadonlyMap<string, string>;
}

/** Asks for the tables a plan's rows need. Throws SINK_SCHEMA_MISMATCH where one is missing. */
async function rowForm(metadata: Metadata, plan: ObjectPlan): Promise<RowForm> {
  askFor(metadata, plan);
  const table = await tableOf(metadata, plan.object);
  const sets = new Map<string, string>();
  for (const field of plan.fields) {
    if (field.name === authorField) continue;
    for (const target of targetsOf(field)) sets.set(target, (await tableOf(metadata, target)).set);
  }
  return { plan, table, sets };
}

/** The column a row's author stands in: nobody may write it, it is whoever the row is created for. */
export const authorField = "createdby";

/** A table is asked about anew at most this often: a refused row may fit what an admin has just changed. */
const askedAgainMs = 60_000;

/** Forms by plan, with what the environment said last. */
export class RowForms {
  readonly #metadata: Metadata;
  readonly #asked = new Map<string, number>();

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  of(plan: ObjectPlan): Promise<RowForm> {
    return rowForm(this.#metadata, plan);
  }

  /** The form asked for anew; undefined where that has just been done. */
  async anew(plan: ObjectPlan): Promise<RowForm | undefined> {
    const before = this.#asked.get(plan.object);
    if (before !== undefined && performance.now() - before < askedAgainMs) return undefined;
    this.#asked.set(plan.object, performance.now());
    this.#metadata.forget(plan.object);
    return this.of(plan);
  }
}
