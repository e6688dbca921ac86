/** How a version of a record may end at the destination. Parked is a state, not an outcome. */
export const outcomes = [
  "created",
  "updated",
  "unchanged",
  "deleted",
  "superseded",
  "refused",
] as const;

/** One of the outcomes. */
export type OutcomeKind = (typeof outcomes)[number];

/** Why a record waits; the ledger groups by it. */
export const parkReasons = [
  "parent_missing",
  "parent_refused",
  "parent_deleted",
  "owner_unresolved",
  "still_referenced",
  "locked",
  "retries_used_up",
  "storage_full",
  "ambiguous",
] as const;

/** One of the park reasons. */
export type ParkReason = (typeof parkReasons)[number];
