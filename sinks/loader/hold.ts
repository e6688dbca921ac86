import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { ParkReason } from "../../pipeline/core/outcome.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation } from "../sink.ts";
import { isAlive, type KnownRow } from "./identity-table.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Memory } from "./memory.ts";
import type { Owners } from "./owners.ts";
import { type Fields, type RowId, type RowReference, rowId, type Taken } from "./taken.ts";

/** What is to be done with the newest version of a row. */
export type Decision =
  | { readonly kind: "unchanged"; readonly reason: string | null }
  | {
      readonly kind: "write";
      readonly operation: Operation;
      readonly destinationId: string | null;
      readonly fields: () => Fields;
      readonly references: readonly RowReference[];
      /** The row was there before us and its pre-image is not committed yet. */
      readonly preimageFirst: boolean;
    }
  /** For a row in memory that will end soon. */
  | { readonly kind: "wait"; readonly target: RowId }
  | {
      readonly kind: "park";
      readonly reason: ParkReason;
      readonly field: string | null;
      readonly target: { readonly object: string; readonly key: string } | null;
    };

type Blocked = Extract<Decision, { kind: "wait" | "park" }>;

/** What a decision looks at. */
export interface Known {
  readonly store: Pick<LoaderStore, "identity" | "parked" | "preimage">;
  readonly memory: Pick<Memory, "get" | "isReferred">;
  readonly owners: Owners;
}

/** Decides of a row without an open request. Reads the loader's memory only, never the destination. */
export function decide(taken: Taken, known: Known): Decision {
  const row = known.store.identity.get(taken.id);
  return taken.record.operation === "delete"
    ? decideDelete(taken, row, known)
    : decideWrite(taken, row, known);
}

function decideDelete(taken: Taken, row: KnownRow | undefined, known: Known): Decision {
  if (!isAlive(row)) {
    return { kind: "unchanged", reason: row?.deleted ? "already_deleted" : "never_created" };
  }
  if (row.origin === "found") return release(taken.plan, row, known);
  const blocked = referredBy(taken.id, known);
  if (blocked !== undefined) return blocked;
  const { destinationId } = row;
  const nothing = { fields: () => ({}), references: [], preimageFirst: false };
  return { kind: "write", operation: "delete", destinationId, ...nothing };
}

/** A row that was there before us is never deleted: our key is taken off. */
function release(
  plan: ObjectPlan,
  row: KnownRow & { destinationId: string },
  known: Known,
): Decision {
  return {
    kind: "write",
    operation: "update",
    destinationId: row.destinationId,
    fields: () => ({ [plan.keyField]: null }),
    references: [],
    preimageFirst: needsPreimage(plan, row, known),
  };
}

/** Children first: a delete waits while a loaded row, a parked record or one in hand refers to it. */
function referredBy(id: RowId, known: Known): Blocked | undefined {
  const holder = known.store.identity.holderOf(id) ?? known.store.parked.holderOf(id);
  if (holder === undefined && !known.memory.isReferred(id)) return undefined;
  if (holder !== undefined && known.memory.get(holder) !== undefined) {
    return { kind: "wait", target: holder };
  }
  const [object, key] = holder === undefined ? [] : split(holder);
  const target = object === undefined || key === undefined ? null : { object, key };
  return { kind: "park", reason: "still_referenced", field: null, target };
}

function decideWrite(taken: Taken, row: KnownRow | undefined, known: Known): Decision {
  const { record, plan } = taken;
  const alive = isAlive(row) && !taken.recreate;
  if (alive && row.hash === record.hash && !record.repair)
    return { kind: "unchanged", reason: null };
  const destinationId = taken.createdId ?? (alive ? row.destinationId : null);
  const whole = taken.whole();
  const resolutions = new Map<string, FieldValue | undefined>();
  const references: RowReference[] = [];
  for (const field of plan.fields) {
    if (field.owner !== true && field.reference === undefined) continue;
    const value = whole[field.name] ?? null;
    const resolved = resolve(field, value, known);
    if ("blocked" in resolved) return resolved.blocked;
    resolutions.set(field.name, "value" in resolved ? resolved.value : undefined);
    if (field.reference !== undefined && "value" in resolved && resolved.value !== null) {
      references.push({ field: field.name, object: field.reference.object, key: String(value) });
    }
  }
  return {
    kind: "write",
    operation: destinationId === null ? "insert" : "update",
    destinationId,
    fields: () => fieldsOf(taken, resolutions, destinationId === null),
    references,
    preimageFirst: alive && needsPreimage(plan, row, known),
  };
}

/** The row as it is sent: references and owners resolved, stamps only where it is created. */
function fieldsOf(
  { plan, whole }: Taken,
  resolutions: ReadonlyMap<string, FieldValue | undefined>,
  creates: boolean,
): Fields {
  const fields: Record<string, FieldValue> = {};
  const values = whole();
  for (const { name, createOnly } of plan.fields) {
    if (name === plan.keyField) continue;
    const value = resolutions.has(name) ? resolutions.get(name) : (values[name] ?? null);
    // A stamp without a value is left out: an open Case refuses even an empty ClosedDate.
    if (value === undefined || (createOnly === true && (!creates || value === null))) continue;
    fields[name] = value;
  }
  return fields;
}

type Resolved =
  | { readonly value: FieldValue }
  | { readonly omit: true }
  | { readonly blocked: Blocked };

function resolve(field: FieldPlan, value: FieldValue, known: Known): Resolved {
  if (field.owner === true) return resolveOwner(field, value, known.owners);
  if (field.reference === undefined || typeof value !== "string" || value === "") return { value };
  const { object, whenDeleted } = field.reference;
  const id = rowId(object, value);
  const parent = known.store.identity.get(id);
  const held = known.memory.get(id);
  if (isAlive(parent)) {
    // Its delete is on its way: what becomes of it decides.
    if (held?.open?.operation === "delete") return { blocked: { kind: "wait", target: id } };
    return { value: parent.destinationId };
  }
  if (held?.open?.operation === "insert" || held?.newest?.record.operation === "upsert") {
    return { blocked: { kind: "wait", target: id } };
  }
  if (parent?.deleted === true && whenDeleted === "clear") return { value: null };
  const reason = parkReasonOf(parent);
  return { blocked: { kind: "park", reason, field: field.name, target: { object, key: value } } };
}

function parkReasonOf(parent: KnownRow | undefined): ParkReason {
  if (parent?.deleted === true) return "parent_deleted";
  return parent?.ended === "refused" ? "parent_refused" : "parent_missing";
}

function resolveOwner(field: FieldPlan, value: FieldValue, owners: Owners): Resolved {
  const owner = owners.resolve(typeof value === "string" && value !== "" ? value : null);
  if (typeof owner === "string") return { value: owner };
  if (owner !== undefined) return { omit: true };
  return {
    blocked: { kind: "park", reason: "owner_unresolved", field: field.name, target: null },
  };
}

function needsPreimage(
  plan: ObjectPlan,
  row: KnownRow & { destinationId: string },
  known: Known,
): boolean {
  if (row.origin !== "found" || row.preimage) return false;
  return known.store.preimage(plan.object, row.destinationId) === undefined;
}

function split(id: RowId): [string, string] {
  const at = id.indexOf("|");
  return [id.slice(0, at), id.slice(at + 1)];
}
