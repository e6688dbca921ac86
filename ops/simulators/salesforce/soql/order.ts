import type { Value } from "../schema/field.ts";

/** How one sort key is compared. */
export interface SortRule {
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** Compares two lists of sort keys; text without case, null before everything unless said otherwise. */
export function compareKeys(
  rules: readonly SortRule[],
  a: readonly Value[],
  b: readonly Value[],
): number {
  for (const [at, rule] of rules.entries()) {
    const [left = null, right = null] = [a[at], b[at]];
    if (left === right) continue;
    if (left === null) return rule.nullsLast ? 1 : -1;
    if (right === null) return rule.nullsLast ? -1 : 1;
    if (left === right) continue;
    const order = left < right ? -1 : 1;
    return rule.descending ? -order : order;
  }
  return 0;
}

/** A value as sorting sees it. */
export function sortKey(value: Value): Value {
  return typeof value === "string" ? value.toLowerCase() : value;
}
