import type { Meta } from "../core/generated/records.ts";

/** Why a record is dead. */
export interface Death {
  readonly reason: "feed" | "census" | "merge" | "vanished" | "with_parent";
  readonly at: number | null;
  readonly mergedInto: string | null;
}

/** A child whose own row lives, but whose parent does not. */
export const withParent: Death = { reason: "with_parent", at: null, mergedInto: null };

/** Whether a record lives: a row of its own says so, or it went with its parent. */
export type LifeState = "alive" | "dead" | "with_parent";

/** The life state a death leaves. */
export function stateOf(death: Death | null): LifeState {
  if (death === null) return "alive";
  return death.reason === "with_parent" ? "with_parent" : "dead";
}

/** The death a stored record's own meta tells of. */
export function deathIn(record: Record<string, unknown>): Death | null {
  const meta = record["meta"] as Meta;
  if (!meta.deleted) return null;
  return {
    reason: (meta.delete_reason ?? "feed") as Death["reason"],
    at: meta.deleted_at,
    mergedInto: meta.merged_into,
  };
}
