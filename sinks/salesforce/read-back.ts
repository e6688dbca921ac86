import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Wire } from "./chain.ts";
import type { Collection } from "./collections.ts";
import { isKeyless } from "../object-plans.ts";
import { fingerprint, identityFields, parentField } from "./keyless.ts";
import type { SoqlRow } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

/** A query behind the inserts of the same call: which rows they have made. */
export interface ReadBack {
  readonly plan: ObjectPlan;
  readonly soql: string;
}

/** The queries that prove a collection's inserts: by our key, or by the parents of rows without one. */
export function readBacksOf({ operation, wires }: Collection): ReadBack[] {
  if (operation !== "insert") return [];
  const byObject = Map.groupBy(wires, ({ chain }) => chain.plan.object);
  return [...byObject.values()].flatMap((rows) => {
    const { plan } = (rows[0] as Wire).chain;
    const column = isKeyless(plan) ? parentField(plan).name : plan.keyField;
    const values = rows.map((wire) => (isKeyless(plan) ? wire.fields[column] : wire.chain.row.key));
    const texts = [...new Set(values)].filter((value) => typeof value === "string");
    const columns = isKeyless(plan) ? identityFields(plan).map(({ name }) => name) : [column];
    return soqlChunks(texts).map((chunk) => ({
      plan,
      soql: soqlSelect(["Id", ...columns], plan.object, soqlIn(column, chunk)),
    }));
  });
}

/** What the inserted rows are known by, by id, as read back. */
export class ProvenRows {
  readonly #names = new Map<string, string>();

  add(plan: ObjectPlan, rows: readonly SoqlRow[]): void {
    for (const row of rows) {
      const name = isKeyless(plan) ? fingerprint(plan, row) : row[plan.keyField];
      this.#names.set(row["Id"] as string, `${plan.object}|${String(name)}`);
    }
  }

  /** Whether the row of that id is the one sent. */
  is({ chain: { plan, row }, fields }: Wire, id: string): boolean {
    const name = isKeyless(plan) ? fingerprint(plan, fields) : row.key;
    return this.#names.get(id) === `${plan.object}|${name}`;
  }
}
