import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { findField } from "../schema/sobject.ts";
import { textOf, type XmlElement } from "../soap/xml.ts";
import { notThere, unsound } from "./component.ts";

/** How the flags of an object permission are spelt here and in its row. */
export const objectFlags = {
  allowCreate: "PermissionsCreate",
  allowDelete: "PermissionsDelete",
  allowEdit: "PermissionsEdit",
  allowRead: "PermissionsRead",
  modifyAllRecords: "PermissionsModifyAllRecords",
  viewAllRecords: "PermissionsViewAllRecords",
} as const;

/** The row that a field permission is; throws the refusal of one that cannot be granted. */
export function fieldRow(org: Org, grant: XmlElement): Values {
  const name = textOf(grant, "field") ?? "";
  const [objectName = "", fieldName = ""] = name.split(".");
  const object = org.schema.find(objectName);
  const field = object === undefined ? undefined : findField(object, fieldName);
  if (object === undefined || field === undefined) {
    throw notThere(`In field: field - no CustomField named ${name} found`);
  }
  // What every row must have is nobody's to grant.
  if (!field.nillable && field.type !== "boolean") {
    throw unsound(`You cannot deploy to a required field: ${name}`, "field");
  }
  const edit = textOf(grant, "editable") === "true";
  const read = edit || textOf(grant, "readable") === "true";
  const Field = `${object.name}.${field.name}`;
  return { SobjectType: object.name, Field, PermissionsRead: read, PermissionsEdit: edit };
}

/** The row that an object permission is. */
export function objectRow(org: Org, grant: XmlElement): Values {
  const name = textOf(grant, "object") ?? "";
  const object = org.schema.find(name);
  if (object === undefined) throw notThere(`In field: field - no CustomObject named ${name} found`);
  const flags = Object.entries(objectFlags).map(([element, field]) => [
    field,
    textOf(grant, element) === "true",
  ]);
  return { SobjectType: object.name, ...Object.fromEntries(flags) };
}

/** The flags of the permission set that its user permissions switch. */
export function userFlags(org: Org, element: XmlElement): Values {
  const object = org.rows("PermissionSet").object;
  const flags = element.children.flatMap((one) => {
    const name = one.name === "userPermissions" ? textOf(one, "name") : undefined;
    if (name === undefined) return [];
    const field = findField(object, `Permissions${name}`);
    if (field === undefined) throw notThere(`Unknown user permission: ${name}`);
    return [[field.name, textOf(one, "enabled") === "true"] as const];
  });
  return Object.fromEntries(flags);
}

/** Removes the grants of what is gone, so that its successor of the same name is hidden again. */
export function forgetGrants(org: Org, object: string, key: string, value: string): void {
  for (const row of [...org.rows(object).walk({ withDeleted: false })]) {
    if (row.values[key] === value) org.rows(object).setDeleted(row, org.nextStamp(), true);
  }
}
