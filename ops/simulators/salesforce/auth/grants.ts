import type { Org } from "../org.ts";
import type { Value } from "../schema/field.ts";
import type { Row } from "../store/object-rows.ts";

/** What a user may do with the rows of one object. */
export interface ObjectGrant {
  readonly read: boolean;
  readonly create: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
}

/** What permission sets grant of fields, by lower-case `object.field`. */
export function fieldGrants(rows: SettledRows, sets: readonly Row[]): Map<string, "read" | "edit"> {
  const grants = new Map<string, "read" | "edit">();
  for (const { values } of ofSets(rows, "FieldPermissions", sets)) {
    const name = String(values["Field"]).toLowerCase();
    if (values["PermissionsEdit"] === true) grants.set(name, "edit");
    else if (values["PermissionsRead"] === true && !grants.has(name)) grants.set(name, "read");
  }
  return grants;
}

/** What permission sets grant of objects, by lower-case name. */
export function objectGrants(rows: SettledRows, sets: readonly Row[]): Map<string, ObjectGrant> {
  const grants = new Map<string, ObjectGrant>();
  for (const { values } of ofSets(rows, "ObjectPermissions", sets)) {
    const name = String(values["SobjectType"]).toLowerCase();
    const before = grants.get(name);
    const all = values["PermissionsModifyAllRecords"] === true;
    const may = (kind: string): boolean => all || values[`Permissions${kind}`] === true;
    grants.set(name, {
      read: before?.read === true || may("Read") || may("ViewAllRecords"),
      create: before?.create === true || may("Create"),
      edit: before?.edit === true || may("Edit"),
      delete: before?.delete === true || may("Delete"),
    });
  }
  return grants;
}

function ofSets(rows: SettledRows, object: string, sets: readonly Row[]): Row[] {
  const ids = new Set<Value | undefined>(sets.map((set) => set.id));
  return rows.of(object).filter(({ values }) => ids.has(values["ParentId"]));
}

/** Rows that have taken effect, and when the first of the others will. */
export interface SettledRows {
  of(object: string): Row[];
  nextAt(): number;
}

/** The rows of permissions as far as they have spread. */
export function settledRows(org: Org): SettledRows {
  const delay = org.settings.current().grantDelayMs;
  const now = org.clock.now();
  let next = Infinity;
  return {
    of(object) {
      const living = [...org.rows(object).walk({ withDeleted: false })];
      return living.filter(({ stamp }) => {
        const at = stamp + delay;
        if (delay === 0 || at <= now) return true;
        next = Math.min(next, at);
        return false;
      });
    },
    nextAt: () => next,
  };
}
