import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import { decideFound, noIds } from "./finding.ts";
import { isAlive, type KnownRow } from "./identity-table.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Memory } from "./memory.ts";
import type { Owners } from "./owners.ts";
import { type Blocked, resolveRow } from "./resolving.ts";
import { FixedRow, ResolvedLazyRow } from "./rows.ts";
import { none, type RowId, type RowReference, splitId, type Taken } from "./taken.ts";

/** What is to be done with the newest version of a row. */
export type Decision =
  | { readonly kind: "unchanged"; readonly reason: string | null }
  | {
      readonly kind: "write";
      readonly operation: Operation;
      readonly row: SinkRow;
      /** As they will be loaded; null: as they were read. */
      readonly references: readonly RowReference[] | null;
      /** The row was there before us and its pre-image is not committed yet. */
      readonly preimageFirst: boolean;
    }
  /** Rows others made are looked for first. */
  | { readonly kind: "find" }
  | Blocked;

/** What a decision looks at. */
export interface Known {
  readonly store: Pick<LoaderStore, "identity" | "parked" | "preimage" | "takenOver">;
  readonly memory: Pick<Memory, "get" | "isReferred">;
  readonly owners: Owners;
}

/** Decides of a row without an open request. Reads the loader's memory only, never the destination. */
export function decide(taken: Taken, known: Known): Decision {
  const row = known.store.identity.get(taken.id);
  if (taken.record.operation === "delete") return decideDelete(taken, row, known);
  if (taken.plan.identity === "user" && !isAlive(row)) return decideUser(taken, known);
  return decideWrite(taken, row, known);
}

function decideDelete(taken: Taken, row: KnownRow | undefined, known: Known): Decision {
  if (!isAlive(row)) {
    return { kind: "unchanged", reason: row?.deleted ? "already_deleted" : "never_created" };
  }
  if (row.origin === "found") return release(taken, row, known);
  const blocked = referredBy(taken.id, known);
  if (blocked !== undefined) return blocked;
  const gone = { row: new FixedRow(taken, row, {}), references: none, preimageFirst: false };
  return { kind: "write", operation: "delete", ...gone };
}

/** A row that was there before us is never deleted: our key is taken off, and the source's own id. */
function release(taken: Taken, row: KnownRow & { destinationId: string }, known: Known): Decision {
  const { keyField, idField, fields } = taken.plan;
  const ours = fields.filter(({ name }) => name === keyField || name === idField);
  const empty = Object.fromEntries(ours.map(({ name }) => [name, null]));
  return {
    kind: "write",
    operation: "update",
    row: new FixedRow(taken, row, { ...empty, [keyField]: null }),
    references: none,
    preimageFirst: needsPreimage(taken.plan, row, known),
  };
}

/** Children first: a delete waits while a loaded row, a parked record or one in hand refers to it. */
function referredBy(id: RowId, known: Known): Blocked | undefined {
  const holder = known.store.identity.holderOf(id) ?? known.store.parked.holderOf(id);
  if (holder === undefined && !known.memory.isReferred(id)) return undefined;
  if (holder !== undefined && known.memory.get(holder) !== undefined) {
    return { kind: "wait", target: holder };
  }
  const target = holder === undefined ? null : splitId(holder);
  return { kind: "park", reason: "still_referenced", field: null, target };
}

/** A user is never created: the row is the one the confirmed owners name, claimed by one key. */
function decideUser(taken: Taken, known: Known): Decision {
  const { plan, record } = taken;
  const user = known.owners.confirmed(record.key);
  // `recreate`: the user the owners name is not there.
  if (user === undefined || taken.trial.recreate) {
    return { kind: "park", reason: "owner_unresolved", field: null, target: null };
  }
  if (user === null) return { kind: "unchanged", reason: "no_user" };
  const holder = known.store.identity.claimedBy(plan.object, user);
  if (holder !== undefined && holder !== taken.id) {
    return { kind: "park", reason: "ambiguous", field: null, target: splitId(holder) };
  }
  const row = new FixedRow(taken, { destinationId: user, moreIds: none }, {});
  return { kind: "write", operation: "update", row, references: none, preimageFirst: true };
}

function decideWrite(taken: Taken, row: KnownRow | undefined, known: Known): Decision {
  const { record, plan } = taken;
  const alive = isAlive(row) && !taken.trial.recreate;
  if (alive && row.hash === record.hash && !record.repair)
    return { kind: "unchanged", reason: null };
  const resolved = resolveRow(taken, known);
  if ("blocked" in resolved) return resolved.blocked;
  const found = alive || taken.trial.recreate ? undefined : decideFound(taken, known);
  if (found !== undefined) return found;
  const creates = !alive || mayNeedNewRow(plan);
  return {
    kind: "write",
    operation: alive ? "update" : "insert",
    row: new ResolvedLazyRow(taken, alive ? row : noIds, resolved.resolutions, creates),
    references: resolved.references,
    preimageFirst: alive && needsPreimage(plan, row, known),
  };
}

/** Whether an update may create: a further part, another pair, a new version of a file. */
function mayNeedNewRow({ identity, fields }: ObjectPlan): boolean {
  return (
    identity === "content" || identity === "natural" || fields.some(({ type }) => type === "file")
  );
}

function needsPreimage(
  plan: ObjectPlan,
  row: KnownRow & { destinationId: string },
  known: Known,
): boolean {
  if (row.origin !== "found" || row.preimage) return false;
  return known.store.preimage(plan.object, row.destinationId) === undefined;
}
