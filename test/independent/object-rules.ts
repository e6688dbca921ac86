import { billRules } from "./bill-rules.ts";
import { customerRules } from "./customer-rules.ts";
import { documentRules } from "./document-rules.ts";
import { jobRules } from "./job-rules.ts";
import type { ObjectRule } from "./rule.ts";
import type { TruthEntity } from "./truth.ts";
import { visitRules } from "./visit-rules.ts";

/** All that is compared row by row; comments, which have no key, have a check of their own. */
export const objectRules: readonly ObjectRule[] = [
  ...customerRules,
  ...jobRules,
  ...visitRules,
  ...billRules,
  ...documentRules,
];

/** The rows of an entity, the one others refer to first. */
export function rulesOf(entity: TruthEntity): readonly ObjectRule[] {
  return objectRules.filter((rule) => rule.entity === entity);
}
