import { billRules } from "./bill-rules.ts";
import { customerRules } from "./customer-rules.ts";
import { documentRules } from "./document-rules.ts";
import { jobRules } from "./job-rules.ts";
import type { ObjectRule } from "./rule.ts";
import { visitRules } from "./visit-rules.ts";

/** All that is compared row by row; comments, which have no key, have a check of their own. */
export const objectRules: readonly ObjectRule[] = [
  ...customerRules,
  ...jobRules,
  ...visitRules,
  ...billRules,
  ...documentRules,
];
