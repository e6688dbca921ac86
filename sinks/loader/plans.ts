import { CutoverError } from "../../pipeline/core/errors.ts";
import type { ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

/** The plan's mappings by object and entity: several entities may feed one object. */
export class Plans {
  readonly #byName: ReadonlyMap<string, ObjectPlan>;
  /** Every object once. */
  readonly objects: readonly string[];
  /** Objects whose rows are told apart by id alone, because they carry no key of ours. */
  readonly claimed: ReadonlySet<string>;

  constructor(plan: Plan) {
    this.#byName = new Map(plan.objects.map((each) => [`${each.object}|${each.entity}`, each]));
    this.objects = [...new Set(plan.objects.map(({ object }) => object))];
    const keyless = plan.objects.filter(({ identity }) => identity !== "external_id");
    this.claimed = new Set(keyless.map(({ object }) => object));
  }

  /** Throws PLAN_NOT_CONFIRMED for a record of an entity that does not feed the object. */
  of(object: string, entity: string): ObjectPlan {
    const plan = this.#byName.get(`${object}|${entity}`);
    if (plan !== undefined) return plan;
    throw new CutoverError("PLAN_NOT_CONFIRMED", `The plan makes no ${object} of ${entity}.`);
  }
}
