import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";
import { isKeyless, isReadById, unionPlan } from "../object-plans.ts";

/** Whether a record of the plan may be several rows. */
export function isSeveral({ fields }: ObjectPlan): boolean {
  return fields.some((field) => field.perRow === true);
}

/** Whether a field's comparison may accept an empty lookup: its target may have been deleted. */
export function isClearable(field: FieldPlan): boolean {
  return field.reference?.whenDeleted === "clear";
}

/**
 * Whether a field is compared as a lookup: by the target's key, which a read may know by its id only
 * (where several objects can be meant), and which may be gone because the target was deleted.
 */
export function isLookup({ reference }: FieldPlan): boolean {
  return reference !== undefined;
}

/**
 * Whether a field is compared only while its record asks for what it asked for when the row was made.
 * Not what a row without a key is known by: where that changes, another row takes its place.
 */
export function isSetOnce(plan: ObjectPlan, field: FieldPlan): boolean {
  if (field.createOnly !== true || plan.naturalKey?.includes(field.name) === true) return false;
  return !(isKeyless(plan) && field.reference !== undefined);
}

/**
 * An owner as asked for: the source key; before it `?` where nobody is better than the fallback, or
 * `!` where it is set once. Null: nothing is said, undefined there is nobody to be.
 */
export function asked(plan: ObjectPlan, field: FieldPlan, key: string | null): string | null {
  if (isSetOnce(plan, field)) return key === null ? null : `!${key}`;
  return field.unresolved === "empty" ? `?${key ?? ""}` : (key ?? "");
}

/** Several entities may feed one object: the key says which. */
export function planOfKey(plan: Plan, object: string, key: string | null): ObjectPlan | undefined {
  const candidates = plan.objects.filter((each) => each.object === object);
  const [first] = candidates;
  if (first !== undefined && isReadById(first)) return unionPlan(plan, object);
  if (candidates.length < 2 || key === null) return first;
  return candidates
    .filter((each) => key.startsWith(`${each.entity}-`))
    .sort((a, b) => b.entity.length - a.entity.length)[0];
}
