import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Database } from "../store/database.ts";
import { type RowError, rowError } from "./row-error.ts";

/** Objects whose rows change what users may see: Apex Developer Guide, "sObjects That Cannot Be Used Together in DML Operations". */
const separate: ReadonlySet<string> = new Set([
  "FieldPermissions",
  "Group",
  "GroupMember",
  "ObjectPermissions",
  "PermissionSet",
  "PermissionSetAssignment",
  "QueueSobject",
  "UserRole",
]);

/** Changes of a user that count; others, such as those of custom fields, may stand beside data. */
const userFields = ["IsActive", "ProfileId", "UserRoleId", "Username"];

/** What was written first in the transaction under way. */
const first = new WeakMap<Database, { number: number; object: string; isSetup: boolean }>();

/** Refuses setup objects and data in one transaction; `changes` is undefined for an insert. */
export function checkMixed(
  { database }: Org,
  object: SObject,
  changes: Values | undefined,
): RowError | undefined {
  const isSetup = isSeparate(object, changes);
  const number = database.transactionNumber();
  const known = first.get(database);
  if (known?.number !== number) {
    first.set(database, { number, object: object.name, isSetup });
    return undefined;
  }
  if (known.isSetup === isSetup) return undefined;
  const message = `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ${object.name}, original object: ${known.object}`;
  return rowError("MIXED_DML_OPERATION", message);
}

function isSeparate(object: SObject, changes: Values | undefined): boolean {
  if (object.name !== "User") return separate.has(object.name);
  return changes === undefined || userFields.some((name) => changes[name] !== undefined);
}
