import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

/** One plan per object with the fields of every entity that feeds it: a read returns rows of all. */
export function objectPlans(plan: Plan): readonly ObjectPlan[] {
  const merged = new Map<string, ObjectPlan>();
  for (const each of plan.objects) {
    const known = merged.get(each.object);
    merged.set(
      each.object,
      known === undefined ? each : { ...known, fields: union(known.fields, each.fields) },
    );
  }
  return [...merged.values()];
}

function union(a: readonly FieldPlan[], b: readonly FieldPlan[]): readonly FieldPlan[] {
  return [...a, ...b.filter((field) => !a.some(({ name }) => name === field.name))];
}
