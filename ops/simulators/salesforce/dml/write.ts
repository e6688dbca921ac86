import type { Access } from "../auth/access.ts";
import type { Org } from "../org.ts";
import type { Field, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { idOf } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { checkCleared, checkRequired, checkValues } from "./checks.ts";
import { ruleOf } from "./object-rules.ts";
import { checkOwner, checkReferences } from "./references.ts";
import {
  blockedFields,
  noAccess,
  refused,
  type RowError,
  rowError,
  type RowOutcome,
} from "./row-error.ts";

/** Who writes, in which commit, and what they may. */
export interface Writer {
  readonly org: Org;
  readonly userId: string;
  readonly access: Access;
  /** SystemModstamp of this commit. */
  readonly stamp: number;
  /** Audit fields may be set: inserts only, never upserts. */
  readonly audit: boolean;
}

/** Inserts one row, or says why not. Nothing is written on a refusal. */
export function insertRow(writer: Writer, object: SObject, given: Values): RowOutcome {
  const { org, access } = writer;
  if (!access.object(object).create) return refused(noAccess());
  const values = { ...given };
  const rule = ruleOf(object);
  const opened = writer.audit ? (rule.openedByAudit?.(org, values) ?? []) : [];
  const blocked = Object.keys(values).filter((name) => {
    const field = findField(object, name);
    if (field === undefined || field.createable) return false;
    return !(writer.audit && field.audit) && !opened.includes(field.name);
  });
  if (blocked.length > 0) return refused(blockedFields(blocked));
  const error =
    checkRequired(object, values) ??
    checkValues(object, values) ??
    checkReferences(org, object, values) ??
    checkNewOwner(writer, object, values, undefined) ??
    checkUnique(org, object, values, undefined);
  if (error !== undefined) return refused(error);
  const stampError = stampNew(writer, object, values);
  if (stampError !== undefined) return refused(stampError);
  const rows = org.rows(object.name);
  const n = rows.nextCounter();
  const id = idOf(object.keyPrefix, n);
  // The whole object's, not the writer's view of it: hidden fields have defaults, too.
  applyDefaults(rows.object, values, id, n);
  rule.complete(org, values, undefined, stampText(writer));
  rows.insert(n, writer.stamp, values);
  return { ok: true, id, created: true };
}

/** Updates one living row, or says why not. */
export function updateRow(writer: Writer, object: SObject, before: Row, given: Values): RowOutcome {
  const { org } = writer;
  if (before.deleted) return refused(rowError("ENTITY_IS_DELETED", "entity is deleted"), before.id);
  if (!writer.access.object(object).edit) return refused(noAccess(), before.id);
  const blocked = Object.keys(given).filter(
    (name) => findField(object, name)?.updateable === false,
  );
  if (blocked.length > 0) return refused(blockedFields(blocked), before.id);
  const changes = { ...given };
  const error =
    checkCleared(object, changes) ??
    checkValues(object, changes) ??
    checkReferences(org, object, changes) ??
    checkNewOwner(writer, object, changes, before) ??
    checkUnique(org, object, changes, before);
  if (error !== undefined) return refused(error, before.id);
  const values = { ...before.values, ...changes };
  ruleOf(object).complete(org, values, before.values, stampText(writer));
  values["LastModifiedDate"] = stampText(writer);
  values["LastModifiedById"] = writer.userId;
  org.rows(object.name).update(before, writer.stamp, values);
  return { ok: true, id: before.id, created: false };
}

function stampText(writer: Writer): string {
  return new Date(writer.stamp).toISOString();
}

function stampNew(writer: Writer, object: SObject, values: Values): RowError | undefined {
  const now = stampText(writer);
  values["CreatedDate"] ??= now;
  values["CreatedById"] ??= writer.userId;
  values["LastModifiedDate"] ??= now;
  values["LastModifiedById"] ??= writer.userId;
  if (object.fields.has("ownerid")) values["OwnerId"] ??= writer.userId;
  const [created, modified] = [String(values["CreatedDate"]), String(values["LastModifiedDate"])];
  if (created <= modified && modified <= now) return undefined;
  const message = "Created and last modified dates must be in the past, and in this order";
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, ["CreatedDate", "LastModifiedDate"]);
}

function applyDefaults(object: SObject, values: Values, id: string, n: number): void {
  for (const field of object.fields.values()) {
    if (field.defaultValue !== null) values[field.name] ??= field.defaultValue;
    if (field.nameField && object.custom) {
      values[field.name] ??= field.autoNumber ? autoNumber(field, n) : id;
    }
  }
}

/** The n-th number of a display format: the zeros in braces say how many digits at least. */
function autoNumber({ displayFormat }: Field, n: number): string {
  const spelt = (zeros: string): string => String(n).padStart(zeros.length, "0");
  return (displayFormat ?? "{0}").replace(/\{(0+)\}/, (_all, zeros: string) => spelt(zeros));
}

function checkNewOwner(
  { org, access }: Writer,
  object: SObject,
  values: Values,
  before: Row | undefined,
): RowError | undefined {
  const owner = values["OwnerId"];
  if (typeof owner !== "string" || owner === before?.values["OwnerId"]) return undefined;
  return checkOwner(org, object, owner, access);
}

function checkUnique(
  org: Org,
  object: SObject,
  values: Values,
  before: Row | undefined,
): RowError | undefined {
  const rows = org.rows(object.name);
  for (const index of rows.indexes.values()) {
    const value = values[index.field.name];
    if (!index.field.unique || value === null || value === undefined) continue;
    const other = index.find(value).find((n) => n !== before?.n);
    if (other !== undefined) return duplicateValue(index.field, idOf(object.keyPrefix, other));
  }
  return undefined;
}

function duplicateValue(field: Field, otherId: string): RowError {
  const message = `duplicate value found: ${field.name} duplicates value on record with id: ${otherId}`;
  return rowError("DUPLICATE_VALUE", message);
}
