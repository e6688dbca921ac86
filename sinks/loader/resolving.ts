import type { FieldValue } from "../../pipeline/core/load-record.ts";
import { type FieldPlan, type ObjectPlan, referencedObject } from "../../pipeline/core/plan.ts";
import type { ParkReason } from "../../pipeline/core/outcome.ts";
import type { Known } from "./hold.ts";
import { isAlive, type KnownRow } from "./identity-table.ts";
import { emptyRow, rowShape } from "./row-shape.ts";
import type { Content, Fields } from "./stored.ts";
import { referencesRead, type RowId, type RowReference, rowId, type Taken } from "./taken.ts";

/** Why a row cannot be written yet: it waits for a row in memory, or is parked. */
export type Blocked =
  | { readonly kind: "wait"; readonly target: RowId }
  | {
      readonly kind: "park";
      readonly reason: ParkReason;
      readonly field: string | null;
      readonly target: { readonly object: string; readonly key: string } | null;
    };

/** Lookups and owners of a row as destination ids; undefined leaves the destination its default. */
export type Resolutions = Readonly<Record<string, FieldValue | undefined>>;

/** A row's lookups and owners, resolved, and what it thereby refers to. */
export interface ResolvedRow {
  readonly resolutions: Resolutions;
  /** Null: as they were read. */
  readonly references: readonly RowReference[] | null;
}

/** Resolves all lookups and owners of a row, or says what blocks it. */
export function resolveRow(
  taken: Taken,
  known: Known,
): ResolvedRow | { readonly blocked: Blocked } {
  const { fields } = taken.stored.content();
  const resolutions: Record<string, FieldValue | undefined> = {};
  const references: RowReference[] = [];
  for (const field of rowShape(taken.plan).bound) {
    const value = fields[field.name] ?? null;
    const resolved = resolve(taken.plan, field, value, known);
    if ("blocked" in resolved) return resolved;
    resolutions[field.name] = "value" in resolved ? resolved.value : undefined;
    if (field.reference !== undefined && "value" in resolved && resolved.value !== null) {
      const key = String(value);
      references.push({ field: field.name, object: referencedObject(field.reference, key), key });
    }
  }
  const cleared = references.length < referencesRead(taken).length;
  return { resolutions, references: cleared ? references : null };
}

/** What is sent of a row: lookups and owners resolved, stamps only where a row may be created. */
export function contentOf(
  { plan, stored }: Taken,
  resolutions: Resolutions,
  creates: boolean,
): Content {
  const { fields: values, rows } = stored.content();
  const { shared } = rowShape(plan);
  const sent: (FieldValue | undefined)[] = [];
  let left = "";
  for (const { name, createOnly } of shared) {
    const value = name in resolutions ? resolutions[name] : (values[name] ?? null);
    // A stamp without a value is left out: a destination may refuse even an empty one (a closing date of what is open).
    const out = value === undefined || (createOnly === true && (!creates || value === null));
    if (out) left += `${name} `;
    sent.push(out ? undefined : value);
  }
  const fields = emptyRow(plan, left);
  for (const [at, value] of sent.entries()) {
    if (value !== undefined) fields[(shared[at] as FieldPlan).name] = value;
  }
  return { fields, rows: rows?.map((row) => ownFields(plan, row)) };
}

/** What a predecessor has sent of a row: what is not known any more is left out. */
export function contentAsSent(taken: Taken, known: Known): Content {
  return contentOf(taken, resolvedNow(taken, known), true);
}

/** Lookups and owners as they stand now; what is not known any more is left out. */
export function resolvedNow(taken: Taken, known: Known): Resolutions {
  const { fields } = taken.stored.content();
  const resolutions: Record<string, FieldValue | undefined> = {};
  for (const field of rowShape(taken.plan).bound) {
    const resolved = resolve(taken.plan, field, fields[field.name] ?? null, known);
    resolutions[field.name] = "value" in resolved ? resolved.value : undefined;
  }
  return resolutions;
}

function ownFields(plan: ObjectPlan, row: Fields): Fields {
  const fields: Record<string, FieldValue> = {};
  for (const { name, perRow } of plan.fields) {
    if (perRow === true) fields[name] = row[name] ?? null;
  }
  return fields;
}

type Resolved =
  | { readonly value: FieldValue }
  | { readonly omit: true }
  | { readonly blocked: Blocked };

function resolve(plan: ObjectPlan, field: FieldPlan, value: FieldValue, known: Known): Resolved {
  if (field.owner === true) return resolveOwner(plan, field, value, known);
  if (field.reference === undefined || typeof value !== "string" || value === "") return { value };
  const object = referencedObject(field.reference, value);
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
  if (parent?.deleted === true && field.reference.whenDeleted === "clear") return { value: null };
  const reason = parkReasonOf(parent);
  return { blocked: { kind: "park", reason, field: field.name, target: { object, key: value } } };
}

function parkReasonOf(parent: KnownRow | undefined): ParkReason {
  if (parent?.deleted === true) return "parent_deleted";
  return parent?.ended === "refused" ? "parent_refused" : "parent_missing";
}

/** An owner that makes the row what it is (a team's member) is never a stand-in. */
function resolveOwner(
  plan: ObjectPlan,
  field: FieldPlan,
  value: FieldValue,
  { owners }: Known,
): Resolved {
  const key = typeof value === "string" && value !== "" ? value : null;
  const parked = {
    kind: "park",
    reason: "owner_unresolved",
    field: field.name,
    target: null,
  } as const;
  const needed = plan.naturalKey?.includes(field.name) === true;
  if (needed || field.unresolved === "empty") {
    const owner = key === null ? null : owners.confirmed(key);
    return owner === undefined || (needed && owner === null)
      ? { blocked: parked }
      : { value: owner };
  }
  const owner = owners.resolve(key);
  if (typeof owner === "string") return { value: owner };
  return owner === undefined ? { blocked: parked } : { omit: true };
}
