import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Decision, Known } from "./hold.ts";
import { FixedRow } from "./rows.ts";
import type { Fields } from "./stored.ts";
import { none, type RowId, splitId, type Taken } from "./taken.ts";

/** Ids of no row. */
export const noIds = { destinationId: null, moreIds: none };

/**
 * Decides of a row about to be created whether one that others made stands for it: exactly one is
 * taken over, several or one that is taken already wait for a person. Undefined: it is created.
 */
export function decideFound(taken: Taken, known: Known): Decision | undefined {
  const { plan } = taken;
  const { candidates } = taken.trial;
  const rule = ruleName(plan, taken.stored.content().fields);
  if (rule === undefined) return undefined;
  if (candidates === null) return { kind: "find" };
  const [only, second] = candidates;
  if (second !== undefined) return ambiguous(undefined);
  // Taken over by another: its key stands on the row by now, so no look shows it any more.
  const id = only ?? known.store.takenOver(rule);
  const holder = id === undefined ? undefined : known.store.identity.claimedBy(plan.object, id);
  if (holder !== undefined && holder !== taken.id) return ambiguous(holder);
  if (only === undefined) return undefined;
  const row = new FixedRow(taken, { destinationId: only, moreIds: none }, {});
  return { kind: "write", operation: "update", row, references: none, preimageFirst: true };
}

function ambiguous(holder: RowId | undefined): Decision {
  const target = holder === undefined ? null : splitId(holder);
  return { kind: "park", reason: "ambiguous", field: null, target };
}

/** A row with the fields its rule looks by, and no more. */
export function soughtRow(taken: Taken): FixedRow {
  const { fields } = taken.stored.content();
  const by = taken.plan.find?.by ?? none;
  return new FixedRow(
    taken,
    noIds,
    Object.fromEntries(by.map((name) => [name, fields[name] ?? null])),
  );
}

/**
 * The name of what a plan's rule looks for. Destinations compare texts without case and accents, so the
 * name is without them too. Undefined where there is no rule, or nothing to look by.
 */
export function ruleName(plan: ObjectPlan, fields: Fields): string | undefined {
  if (plan.find === undefined) return undefined;
  const values = plan.find.by.map((name) => folded(fields[name] ?? ""));
  if (values.includes("")) return undefined;
  return JSON.stringify([plan.object, plan.find.by, values]);
}

function folded(value: Fields[string]): string {
  return String(value).normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();
}
