import type { ObjectRule } from "../rule.ts";
import { accountRules } from "./account-rules.ts";
import { activityRules } from "./activity-rules.ts";
import { billRules } from "./bill-rules.ts";
import { contactRules } from "./contact-rules.ts";
import { closeRule, opportunityRule, orderRule } from "./job-rules.ts";
import { crewRule, lineRule, productRule } from "./line-rules.ts";
import { noteRules } from "./note-rules.ts";

/** What a tenant has licensed. */
export type Edition = "enterprise" | "professional";

/** All tables of an edition under its default settings; of an entity the rows others refer to come first. */
export function tableRules(edition: Edition): readonly ObjectRule[] {
  const own: Readonly<Record<Edition, readonly ObjectRule[]>> = {
    enterprise: [orderRule, lineRule, crewRule, ...billRules],
    professional: [opportunityRule, closeRule, productRule],
  };
  return [...accountRules, ...contactRules, ...own[edition], ...activityRules, ...noteRules];
}
