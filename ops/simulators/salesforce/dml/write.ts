import type { Access } from "../auth/access.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { idOf } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { storageRefusal } from "../store/storage.ts";
import { checkAdminRules } from "./admin-rules.ts";
import { checkCleared, checkRequired, checkValues } from "./checks.ts";
import { applyDefaults } from "./defaults.ts";
import { checkDuplicateRules } from "./duplicate-rules.ts";
import { checkMixed } from "./mixed-dml.ts";
import { ruleOf } from "./object-rules.ts";
import { checkOwners } from "./owners.ts";
import { stampText } from "./platform-rows.ts";
import { checkReferences } from "./references.ts";
import { blockedFields, noAccess, refused, type RowError, rowError } from "./row-error.ts";
import { type RowOutcome, unsupported } from "./row-error.ts";
import { checkUnique } from "./unique.ts";

/** Who writes, in which commit, and what they may. */
export interface Writer {
  readonly org: Org;
  readonly userId: string;
  readonly access: Access;
  /** SystemModstamp of this commit. */
  readonly stamp: number;
  /** Audit fields may be set: inserts only, never upserts. */
  readonly audit: boolean;
  /** Rows that a duplicate rule merely warns of are saved. */
  readonly allowSave?: boolean;
}

/** Inserts one row, or says why not. Nothing is written on a refusal. */
export function insertRow(writer: Writer, object: SObject, given: Values): RowOutcome {
  const { org, access } = writer;
  if (object.refuses.has("create")) return refused(unsupported(object, "create"));
  if (!access.object(object).create) return refused(noAccess());
  const values = { ...given };
  const rule = ruleOf(object);
  const error =
    checkCreateable(writer, object, values) ??
    checkMixed(org, object, undefined) ??
    checkRequired(object, values) ??
    checkValues(object, values) ??
    checkReferences(org, object, values) ??
    checkOwners(writer, object, values, undefined) ??
    checkUnique(org, object, values, undefined) ??
    rule.check?.(writer, values, undefined) ??
    checkAdminRules(org, object, values, "insert") ??
    checkDuplicateRules(writer, object, values, undefined) ??
    storageRefusal(org, object, values) ??
    stampNew(writer, object, values);
  if (error !== undefined) return refused(error);
  const rows = org.rows(object.name);
  const n = rows.nextCounter();
  const id = idOf(object.keyPrefix, n);
  // The whole object's, not the writer's view of it: hidden fields have defaults, too.
  applyDefaults(rows.object, values, id, n);
  const call = { writer, id, given, before: undefined, now: stampText(writer) };
  rule.complete?.(call, values);
  rows.insert(n, writer.stamp, values);
  rule.after?.(call, values);
  return { ok: true, id, created: true };
}

/** Updates one living row, or says why not. */
export function updateRow(writer: Writer, object: SObject, before: Row, given: Values): RowOutcome {
  const { org } = writer;
  if (before.deleted) return refused(rowError("ENTITY_IS_DELETED", "entity is deleted"), before.id);
  if (object.refuses.has("update")) return refused(unsupported(object, "update"), before.id);
  if (!writer.access.object(object).edit) return refused(noAccess(), before.id);
  const blocked = Object.keys(given).filter(
    (name) => findField(object, name)?.updateable === false,
  );
  if (blocked.length > 0) return refused(blockedFields(blocked), before.id);
  const changes = { ...given };
  const rule = ruleOf(object);
  const values = { ...before.values };
  const error =
    checkMixed(org, object, changes) ??
    checkCleared(object, changes) ??
    checkValues(object, changes) ??
    checkReferences(org, object, changes) ??
    checkOwners(writer, object, changes, before) ??
    checkUnique(org, object, changes, before) ??
    rule.check?.(writer, changes, before.values) ??
    checkAdminRules(org, object, Object.assign(values, changes), "update") ??
    checkDuplicateRules(writer, object, values, before);
  if (error !== undefined) return refused(error, before.id);
  const now = stampText(writer);
  const call = { writer, id: before.id, given: changes, before: before.values, now };
  rule.complete?.(call, values);
  if (object.fields.has("lastmodifieddate")) {
    values["LastModifiedDate"] = now;
    values["LastModifiedById"] = writer.userId;
  }
  org.rows(object.name).update(before, writer.stamp, values);
  rule.after?.(call, values);
  return { ok: true, id: before.id, created: false };
}

/** Fields of a new row that its writer may not set; the audit permission opens some. */
function checkCreateable(writer: Writer, object: SObject, values: Values): RowError | undefined {
  const opened = writer.audit ? (ruleOf(object).openedByAudit?.(writer.org, values) ?? []) : [];
  const blocked = Object.keys(values).filter((name) => {
    const field = findField(object, name);
    if (field === undefined || field.createable) return false;
    return !(writer.audit && field.audit) && !opened.includes(field.name);
  });
  return blocked.length > 0 ? blockedFields(blocked) : undefined;
}

function stampNew(writer: Writer, object: SObject, values: Values): RowError | undefined {
  const now = stampText(writer);
  if (object.fields.has("ownerid")) values["OwnerId"] ??= writer.userId;
  if (!object.fields.has("createddate")) return undefined;
  values["CreatedDate"] ??= now;
  values["CreatedById"] ??= writer.userId;
  values["LastModifiedDate"] ??= now;
  values["LastModifiedById"] ??= writer.userId;
  const [created, modified] = [String(values["CreatedDate"]), String(values["LastModifiedDate"])];
  if (created <= modified && modified <= now) return undefined;
  const message = "Created and last modified dates must be in the past, and in this order";
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, ["CreatedDate", "LastModifiedDate"]);
}
