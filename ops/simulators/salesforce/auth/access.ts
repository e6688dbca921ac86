import type { Org } from "../org.ts";
import type { Field, Value, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import {
  fieldGrants,
  type ObjectGrant,
  objectGrants,
  type SettledRows,
  settledRows,
} from "./grants.ts";

/** What one user may do: what everyone may, and what the permission sets assigned to the user add. */
export interface Access {
  /** The user may sign in and call. */
  readonly active: boolean;
  /** Insert with the audit stamps: the org's switch is on and the user has the permission. */
  readonly auditFields: boolean;
  /** Own rows by inactive users: the org's switch is on and the user has the permission. */
  readonly inactiveOwners: boolean;
  /** "Modify All Data": all rows of all objects, and the metadata. */
  readonly modifyAll: boolean;
  /** Run bulk jobs that skip the recycle bin. */
  readonly hardDelete: boolean;
  /** Field-level security: a field that not everyone was granted is hidden until a permission set says otherwise. */
  field(object: SObject, field: Field): "hidden" | "read" | "edit";
  object(object: SObject): ObjectGrant;
  /** When a grant that was written takes effect, since grants take their time to spread; infinite where none waits. */
  readonly settlesAt: number;
}

/** The objects whose rows decide what a user may. */
const deciding = [
  "User",
  "PermissionSet",
  "PermissionSetAssignment",
  "FieldPermissions",
  "ObjectPermissions",
] as const;

const everything: ObjectGrant = { read: true, create: true, edit: true, delete: true };

/** What the platform itself may. */
export const unbounded: Access = {
  active: true,
  auditFields: true,
  inactiveOwners: true,
  modifyAll: true,
  hardDelete: true,
  field: () => "edit",
  object: () => everything,
  settlesAt: Infinity,
};

/** A number that grows whenever someone's access may have changed. */
export function accessVersion(org: Org): number {
  let sum = org.schema.changes() + org.database.undone();
  for (const name of deciding) sum += org.rows(name).changes();
  return sum;
}

/** What a user may as the rows stand now. */
export function accessOf(org: Org, userId: string): Access {
  const rows = settledRows(org);
  const sets = setsOf(org, rows, userId);
  const has = (permission: string): boolean =>
    sets.some((set) => set.values[`Permissions${permission}`] === true);
  const [fields, objects] = [fieldGrants(rows, sets), objectGrants(rows, sets)];
  const [modifyAll, viewAll] = [has("ModifyAllData"), has("ViewAllData")];
  const switches = org.settings;
  const [audit, inactive] = [has("CreateAuditFields"), has("UpdateWithInactiveOwners")];
  return {
    active: org.rows("User").byId(userId)?.values["IsActive"] === true,
    get auditFields() {
      return audit && switches.current().auditFields;
    },
    get inactiveOwners() {
      return inactive && switches.current().inactiveOwners;
    },
    modifyAll,
    hardDelete: has("BulkApiHardDelete"),
    field(object, field) {
      if (field.granted) return "edit";
      return fields.get(`${object.name}.${field.name}`.toLowerCase()) ?? "hidden";
    },
    object(object) {
      if (object.granted || modifyAll) return everything;
      const own = objects.get(object.name.toLowerCase());
      return {
        read: viewAll || own?.read === true,
        create: own?.create === true,
        edit: own?.edit === true,
        delete: own?.delete === true,
      };
    },
    settlesAt: rows.nextAt(),
  };
}

function setsOf(org: Org, rows: SettledRows, userId: string): Row[] {
  const profileId = org.rows("User").byId(userId)?.values["ProfileId"];
  const assigned = new Set<Value | undefined>();
  for (const { values } of rows.of("PermissionSetAssignment")) {
    if (values["AssigneeId"] === userId) assigned.add(values["PermissionSetId"]);
  }
  const owned = (values: Values): boolean =>
    values["IsOwnedByProfile"] === true && values["ProfileId"] === profileId;
  return rows.of("PermissionSet").filter(({ id, values }) => assigned.has(id) || owned(values));
}
