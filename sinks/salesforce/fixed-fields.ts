import type { ObjectPlan } from "../../pipeline/core/plan.ts";

/**
 * Fields of keyed rows that can be given when a row is created and never again, although their values
 * may change at the source: Object Reference, "AccountContactRelation" (AccountId and ContactId have no
 * Update among their properties) and "ContentVersion" (PathOnClient neither).
 */
const fixed: Readonly<Record<string, readonly string[]>> = {
  AccountContactRelation: ["AccountId", "ContactId"],
  ContentVersion: ["PathOnClient"],
};

/** Fields of a plan an update must not name; where one has changed, another row takes its place. */
export function fixedFields({ object, fields }: ObjectPlan): readonly string[] {
  const names = fixed[object] ?? [];
  return fields.flatMap(({ name }) => (names.includes(name) ? [name] : []));
}
