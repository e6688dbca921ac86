import type { FieldPlan, ObjectPlan, Plan } from "../pipeline/core/plan.ts";

/** Whether rows of the object are known by their content or a natural key, never by a source key or an id made of it. */
export function isKeyless({ identity }: ObjectPlan): boolean {
  return identity === "natural" || identity === "content";
}

/**
 * Whether no field of the object holds the source key, so that a row read does not say whose it is:
 * its id does, which identity knows, and by its id it is asked for.
 */
export function isReadById(plan: ObjectPlan): boolean {
  return isKeyless(plan) || plan.identity === "primary_key";
}

/** One plan per object with the fields of every entity that feeds it: a read returns rows of all. */
export function objectPlans(plan: Plan): readonly ObjectPlan[] {
  return [...new Set(plan.objects.map(({ object }) => object))].map((object) =>
    unionPlan(plan, object),
  );
}

/** The plan of an object with the fields of all its entities. */
export function unionPlan(plan: Plan, object: string): ObjectPlan {
  const plans = plan.objects.filter((each) => each.object === object);
  const fields = new Map<string, FieldPlan>();
  for (const each of plans) {
    for (const field of each.fields) if (!fields.has(field.name)) fields.set(field.name, field);
  }
  return { ...(plans[0] as ObjectPlan), fields: [...fields.values()] };
}
