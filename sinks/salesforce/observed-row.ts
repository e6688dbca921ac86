import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import { maySignIn } from "../user-rows.ts";
import { canonical, parseDatetime } from "../canonical.ts";
import type { SoqlRow } from "./soql-pages.ts";

/** Our key's field at every object that has one. */
export const sourceKeyField = "Source_Key__c";

/** Objects without a recycle bin of their own (Object Reference: no IsDeleted there). */
const withoutIsDeleted = new Set(["User", "CaseTeamMember"]);
/** A link says nothing of its author (Object Reference, ContentDocumentLink). */
const withoutModifiedBy = new Set(["ContentDocumentLink"]);

/** Whether rows of the object say that they are deleted. */
export function saysDeleted(object: string): boolean {
  return !withoutIsDeleted.has(object);
}

/** The column a row is known by: a file by its document, which stays when its versions change. */
export function idColumn(object: string): string {
  return object === "ContentVersion" ? "ContentDocumentId" : "Id";
}

/** Columns of a read: ours, the row's own stamps, and each lookup's key at its target. */
export function columnsOf(plan: ObjectPlan): string[] {
  const { object } = plan;
  const columns = ["Id", idColumn(object), "SystemModstamp"];
  if (plan.keyField !== "") columns.push(plan.keyField);
  if (saysDeleted(object)) columns.push("IsDeleted");
  if (object === "User") columns.push("IsActive");
  if (object === "ContentVersion") columns.push("IsLatest");
  if (!withoutModifiedBy.has(object)) columns.push("LastModifiedById");
  for (const field of plan.fields) {
    if (field.type === "file") columns.push("Checksum");
    else columns.push(field.name);
    const named = namedBy(plan, field);
    if (named !== undefined) columns.push(named);
  }
  return columns;
}

/** Relationships to several objects: what those share (Name) has no key (Object Reference, "Polymorphic"). */
const toSeveral = new Set(["What", "Who", "LinkedEntity"]);

/**
 * The column that says what a lookup means: its target's key, or a team role's name. Not of lookups to
 * several objects, whose common shape (Name) has no key, nor of a link's ends.
 */
function namedBy(plan: ObjectPlan, field: FieldPlan): string | undefined {
  if (isTeamRole(plan, field)) return "TeamRole.Name";
  const { reference } = field;
  if (reference === undefined || reference.byEntity !== undefined) return undefined;
  if (toSeveral.has(reference.relationship ?? "")) return undefined;
  // A document has no key; its newest version has.
  if (plan.object === "ContentDocumentLink") return undefined;
  return `${reference.relationship}.${sourceKeyField}`;
}

/** A role is one of the org's own rows, known by its name. */
function isTeamRole({ object }: ObjectPlan, { name }: FieldPlan): boolean {
  return object === "CaseTeamMember" && name === "TeamRoleId";
}

/** A row in the destination's canonical text; what a file holds is found out by reading it. */
export function toRow(plan: ObjectPlan, record: SoqlRow): DestinationRow {
  const fields: Record<string, string | null> = {};
  for (const field of plan.fields) {
    if (field.type === "file") continue;
    const value = (record[field.name] ?? null) as FieldValue;
    const named = namedBy(plan, field);
    const name = named === undefined ? null : cell(record, named);
    if (field.reference === undefined && named === undefined) {
      fields[field.name] = canonical(field, value);
    } else if (typeof name === "string" && name !== "") fields[field.name] = name;
    else fields[field.name] = value === null || value === "" ? null : `id:${String(value)}`;
  }
  // Compared with the technician's own state and reported; never written.
  if (plan.object === "User") fields[maySignIn] = String(String(record["IsActive"]) === "true");
  const key = plan.keyField === "" ? null : record[plan.keyField];
  return {
    object: plan.object,
    destinationId: record[idColumn(plan.object)] as string,
    key: (key as string | null | undefined) ?? null,
    deleted: record["IsDeleted"] === true || record["IsDeleted"] === "true",
    fields,
    modifiedAt: parseDatetime(record["SystemModstamp"] as string),
    modifiedBy: (record["LastModifiedById"] as string | null | undefined) ?? null,
  };
}

function cell(record: SoqlRow, path: string): unknown {
  if (path in record) return record[path];
  const [parent = "", name = ""] = path.split(".");
  return (record[parent] as SoqlRow | null | undefined)?.[name];
}
