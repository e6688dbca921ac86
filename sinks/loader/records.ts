import type { Identity, Outcome, Parked } from "../../pipeline/core/generated/records.ts";
import type { OutcomeKind, ParkReason } from "../../pipeline/core/outcome.ts";
import { isAlive, type KnownRow } from "./identity-table.ts";
import { type Held, referencesRead, type RowReference, type Taken } from "./taken.ts";

/** One version that ends, with the versions it replaces. */
export interface Ending {
  readonly held: Held;
  readonly taken: Taken;
  readonly older: readonly Taken[];
  readonly outcome: OutcomeKind;
  readonly reason: string | null;
  readonly code?: string;
  readonly field?: string | null;
  readonly message?: string;
  readonly destinationId: string | null;
  /** Of its further rows; only of a row that was written. */
  readonly moreIds?: readonly string[];
  readonly requestId: string | null;
  /** As loaded; only of a row that was written. Null: as they were read. */
  readonly references: readonly RowReference[] | null;
}

/** Rows that are ours although no version of their record has ended so: what is there is known before more is sent. */
export interface Claim {
  readonly taken: Taken;
  readonly ids: readonly string[];
  /** As loaded; null: as they were read. */
  readonly references: readonly RowReference[] | null;
}

/** One version that must wait, with the versions it replaces. */
export interface Parking {
  readonly held: Held;
  readonly taken: Taken;
  readonly older: readonly Taken[];
  readonly reason: ParkReason;
  readonly field: string | null;
  readonly target: { readonly object: string; readonly key: string } | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly nextTryAt: number | null;
}

/** The outcome of a version. */
export function outcomeOf(ending: Ending, now: number, monotonic: number): Outcome {
  const { record, plan, stored } = ending.taken;
  const { source_id, entity, order, committed_at } = stored.whole();
  return {
    object: plan.object,
    key: record.key,
    source_id,
    entity,
    version: record.version,
    outcome: ending.outcome,
    reason: ending.reason,
    code: ending.code ?? null,
    field: ending.field ?? null,
    message: ending.message ?? null,
    destination_id: ending.destinationId,
    request_id: ending.requestId,
    order,
    committed_at,
    ended_at: now,
    duration_ms: Math.max(0, Math.round(monotonic - ending.taken.takenAt)),
  };
}

/** The outcome of a version that a newer one replaced. */
export function supersededOf(taken: Taken, held: Held, now: number, monotonic: number): Outcome {
  const ending: Ending = {
    held,
    taken,
    older: [],
    outcome: "superseded",
    reason: null,
    destinationId: null,
    requestId: null,
    references: [],
  };
  return outcomeOf(ending, now, monotonic);
}

function loadedBy({ taken, references }: Pick<Ending, "taken" | "references">): RowReference[] {
  return [...(references ?? referencesRead(taken))];
}

/** What the record names and its row went without. */
function clearedBy({ taken, references }: Pick<Ending, "taken" | "references">): RowReference[] {
  if (references === null) return [];
  const loaded = new Set(references.map(({ field }) => field));
  return referencesRead(taken).filter(({ field }) => !loaded.has(field));
}

/** What is known of the row after a version has ended. */
export function identityAfter(ending: Ending, before: KnownRow | undefined, now: number): Identity {
  const { record, plan } = ending.taken;
  const written = ending.outcome === "created" || ending.outcome === "updated";
  const deletes = record.operation === "delete" && ending.outcome !== "refused";
  const found = before?.origin === "found" && ending.outcome !== "created";
  return {
    object: plan.object,
    key: record.key,
    source_id: ending.taken.stored.whole().source_id,
    destination_id: ending.destinationId ?? before?.destinationId ?? null,
    more_ids: [...(written ? (ending.moreIds ?? []) : (before?.moreIds ?? []))],
    version: record.version,
    ended: ending.outcome,
    hash: written ? record.hash : deletes ? null : (before?.hash ?? null),
    references: written ? loadedBy(ending) : deletes ? [] : [...(before?.references ?? [])],
    cleared: written ? clearedBy(ending) : deletes ? [] : [...(before?.cleared ?? [])],
    origin: found ? "found" : "created",
    preimage: (before?.preimage ?? false) || (found && (written || ending.outcome === "deleted")),
    deleted: written ? false : deletes || (before?.deleted ?? false),
    incomplete: false,
    rolled_back: false,
    at: now,
  };
}

/** What is known of the row when the newest of the replaced versions has ended and the replacing one is parked. */
export function identitySuperseded(
  taken: Taken,
  before: KnownRow | undefined,
  now: number,
): Identity {
  return {
    object: taken.plan.object,
    key: taken.record.key,
    source_id: taken.stored.whole().source_id,
    destination_id: before?.destinationId ?? null,
    more_ids: [...(before?.moreIds ?? [])],
    version: taken.record.version,
    ended: "superseded",
    hash: before?.hash ?? null,
    references: [...(before?.references ?? [])],
    cleared: [...(before?.cleared ?? [])],
    origin: before?.origin ?? "created",
    preimage: before?.preimage ?? false,
    deleted: before?.deleted ?? false,
    incomplete: false,
    rolled_back: false,
    at: now,
  };
}

/** What is known of a record whose rows were found, or changed, by a write that has not ended. */
export function identityClaimed(claim: Claim, before: KnownRow | undefined, now: number): Identity {
  const { taken, ids } = claim;
  const [destinationId = null, ...moreIds] = ids;
  const { run, topic, partition, offset } = before ?? neverEnded;
  return {
    object: taken.plan.object,
    key: taken.record.key,
    source_id: taken.stored.whole().source_id,
    destination_id: destinationId,
    more_ids: moreIds,
    version: { run, topic, partition, offset },
    ended: isAlive(before) ? before.ended : claimed,
    hash: null,
    references: loadedBy(claim),
    cleared: clearedBy(claim),
    origin: before?.deleted === false ? before.origin : "created",
    preimage: before?.preimage ?? false,
    deleted: false,
    incomplete: false,
    rolled_back: false,
    at: now,
  };
}

const claimed = "claimed";

/** A row whose creation was confirmed late, by a claim, has been created whatever was sent to it since. */
export function lateOf(ending: Ending, before: KnownRow | undefined): Ending {
  if (before?.ended !== claimed || ending.outcome !== "updated") return ending;
  return { ...ending, outcome: "created", reason: "confirmed_late" };
}

/** Older than any version. */
const neverEnded = { run: 0, topic: "", partition: 0, offset: -1 };

/** The entry of a version that waits. */
export function parkedOf(parking: Parking, now: number): Parked {
  const { taken } = parking;
  return {
    object: taken.plan.object,
    key: taken.record.key,
    source_id: taken.stored.whole().source_id,
    entity: taken.plan.entity,
    version: taken.record.version,
    reason: parking.reason,
    field: parking.field,
    waits_for_object: parking.target?.object ?? null,
    waits_for_key: parking.target?.key ?? null,
    code: parking.code,
    message: parking.message,
    attempts: taken.trial.attempts,
    since: taken.parkedSince ?? now,
    next_try_at: parking.nextTryAt,
    load_partition: taken.partition,
    load_offset: taken.offset,
    record: taken.stored.framed(),
  };
}

/** A row that was there before us: read before our first insert, or claimed before its first write. */
export function identityFound(
  object: string,
  key: string,
  destinationId: string,
  now: number,
  before?: KnownRow,
): Identity {
  const { run, topic, partition, offset } = before ?? neverEnded;
  return {
    object,
    key,
    source_id: "",
    destination_id: destinationId,
    more_ids: [],
    version: { run, topic, partition, offset },
    ended: "found",
    hash: null,
    references: [],
    cleared: [],
    origin: "found",
    preimage: false,
    deleted: false,
    incomplete: false,
    rolled_back: false,
    at: now,
  };
}
