import { CutoverError } from "../../pipeline/core/errors.ts";
import type { ObjectPlan, Plan } from "../../pipeline/core/plan.ts";
import { ruleName } from "./finding.ts";
import type { Fields } from "./stored.ts";

/** The plan's mappings by object and entity: several entities may feed one object. */
export class Plans {
  readonly #byName: ReadonlyMap<string, ObjectPlan>;
  /** Every object once. */
  readonly objects: readonly string[];
  /** Objects whose rows are told apart by id, because they carry no key of ours, or did not before us. */
  readonly claimed: ReadonlySet<string>;

  /** Mappings whose rows are users of the destination. */
  readonly ofUsers: readonly ObjectPlan[];

  constructor(plan: Plan) {
    this.#byName = new Map(plan.objects.map((each) => [`${each.object}|${each.entity}`, each]));
    this.objects = [...new Set(plan.objects.map(({ object }) => object))];
    this.ofUsers = plan.objects.filter(({ identity }) => identity === "user");
    const claimed = plan.objects.filter(
      ({ identity, find }) =>
        find !== undefined || (identity !== "external_id" && identity !== "primary_key"),
    );
    this.claimed = new Set(claimed.map(({ object }) => object));
  }

  /** Names of what rules would find a row by, as it was before us. */
  ruleNames(object: string, fields: Fields): readonly string[] {
    return [...this.#byName.values()]
      .filter((plan) => plan.object === object)
      .flatMap((plan) => ruleName(plan, fields) ?? []);
  }

  /** Throws PLAN_NOT_CONFIRMED for a record of an entity that does not feed the object. */
  of(object: string, entity: string): ObjectPlan {
    const plan = this.#byName.get(`${object}|${entity}`);
    if (plan !== undefined) return plan;
    throw new CutoverError("PLAN_NOT_CONFIRMED", `The plan makes no ${object} of ${entity}.`);
  }
}
