import { insertSetup } from "../dml/setup-rows.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { findField } from "../schema/sobject.ts";
import { textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import type { Row } from "../store/object-rows.ts";
import { type ComponentType, duplicate, notThere, type SaveMode, unsound } from "./component.ts";

/** How the flags of an object permission are spelt here and in its row. */
const objectFlags = {
  allowCreate: "PermissionsCreate",
  allowDelete: "PermissionsDelete",
  allowEdit: "PermissionsEdit",
  allowRead: "PermissionsRead",
  modifyAllRecords: "PermissionsModifyAllRecords",
  viewAllRecords: "PermissionsViewAllRecords",
} as const;

/** Permission sets with the fields, objects and user permissions they grant. */
export const permissionSetType: ComponentType = {
  name: "PermissionSet",
  directoryName: "permissionsets",
  suffix: "permissionset",
  childXmlNames: [],
  elements: { fullName: "string", label: "string", description: "string" },
  read(org, fullName) {
    const set = setNamed(org, fullName);
    return set === undefined ? undefined : setXml(org, set);
  },
  save: saveSet,
  remove(org, fullName) {
    const set = setNamed(org, fullName);
    if (set === undefined) throw notThere(`no PermissionSet named ${fullName} found`);
    for (const object of ["FieldPermissions", "ObjectPermissions"]) {
      for (const row of rowsOf(org, object, set)) {
        org.rows(object).setDeleted(row, org.nextStamp(), true);
      }
    }
    org.rows("PermissionSet").setDeleted(set, org.nextStamp(), true);
  },
  list: (org) =>
    [...org.rows("PermissionSet").walk({ withDeleted: false })].map(({ id, values }) => ({
      fullName: String(values["Name"]),
      id,
      fileName: `permissionsets/${String(values["Name"])}.permissionset`,
    })),
};

function saveSet(org: Org, fullName: string, element: XmlElement, mode: SaveMode): boolean {
  const known = setNamed(org, fullName);
  if (known === undefined && mode === "update")
    throw notThere(`no PermissionSet named ${fullName} found`);
  if (known !== undefined && mode === "create") {
    throw duplicate(`The permission set name ${fullName} is already in use`);
  }
  const label = textOf(element, "label");
  if (label === undefined) throw unsound("Required field is missing: label", "label");
  const grants = element.children.filter(({ name }) => name === "fieldPermissions");
  const objects = element.children.filter(({ name }) => name === "objectPermissions");
  // All are checked before the first is written.
  const fieldRows = grants.map((grant) => fieldRow(org, grant));
  const objectRows = objects.map((grant) => objectRow(org, grant));
  const given = {
    Label: label,
    Description: textOf(element, "description") ?? null,
    ...userFlags(org, element),
  };
  const id =
    known?.id ?? insertSetup(org, "PermissionSet", { Name: fullName, IsCustom: true, ...given });
  if (known !== undefined) put(org, "PermissionSet", known, given);
  const set = setNamed(org, fullName);
  if (set === undefined) throw new Error(`The permission set ${id} was just written.`);
  for (const row of fieldRows) putGrant(org, "FieldPermissions", "Field", set, row);
  for (const row of objectRows) putGrant(org, "ObjectPermissions", "SobjectType", set, row);
  return known === undefined;
}

function fieldRow(org: Org, grant: XmlElement): Values {
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

function objectRow(org: Org, grant: XmlElement): Values {
  const name = textOf(grant, "object") ?? "";
  const object = org.schema.find(name);
  if (object === undefined) throw notThere(`In field: field - no CustomObject named ${name} found`);
  const flags = Object.entries(objectFlags).map(([element, field]) => [
    field,
    textOf(grant, element) === "true",
  ]);
  return { SobjectType: object.name, ...Object.fromEntries(flags) };
}

function userFlags(org: Org, element: XmlElement): Values {
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

function putGrant(org: Org, object: string, key: string, set: Row, values: Values): void {
  const known = rowsOf(org, object, set).find((row) => row.values[key] === values[key]);
  if (known === undefined) insertSetup(org, object, { ParentId: set.id, ...values });
  else put(org, object, known, values);
}

function put(org: Org, object: string, row: Row, values: Values): void {
  org.rows(object).update(row, org.nextStamp(), { ...row.values, ...values });
}

function setNamed(org: Org, name: string): Row | undefined {
  const rows = org.rows("PermissionSet");
  const [n] = rows.indexes.get("Name")?.find(name) ?? [];
  return n === undefined ? undefined : rows.get(n);
}

function rowsOf(org: Org, object: string, set: Row): Row[] {
  const rows = org.rows(object);
  return (rows.indexes.get("ParentId")?.find(set.id) ?? []).flatMap((n) => rows.get(n) ?? []);
}

function setXml(org: Org, set: Row): XmlValue {
  const flags = Object.entries(set.values).filter(
    ([name, value]) => name.startsWith("Permissions") && value === true,
  );
  return {
    fullName: set.values["Name"],
    description: set.values["Description"] ?? undefined,
    fieldPermissions: rowsOf(org, "FieldPermissions", set).map(({ values }) => ({
      editable: values["PermissionsEdit"] === true,
      field: values["Field"],
      readable: values["PermissionsRead"] === true,
    })),
    hasActivationRequired: false,
    label: set.values["Label"],
    objectPermissions: rowsOf(org, "ObjectPermissions", set).map(({ values }) => ({
      ...Object.fromEntries(
        Object.entries(objectFlags).map(([element, field]) => [element, values[field] === true]),
      ),
      object: values["SobjectType"],
    })),
    userPermissions: flags.map(([name]) => ({
      enabled: true,
      name: name.slice("Permissions".length),
    })),
  };
}
