import type { FieldPlan, ObjectPlan, Plan } from "../pipeline/core/plan.ts";

/** Whether rows of the object carry no source key: identity says whose they are. */
export function isKeyless({ identity }: ObjectPlan): boolean {
  return identity === "natural" || identity === "content";
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
