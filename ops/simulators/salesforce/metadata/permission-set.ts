import { insertSetup } from "../dml/setup-rows.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import type { Row } from "../store/object-rows.ts";
import { fieldRow, objectFlags, objectRow, userFlags } from "./permission-rows.ts";
import { type ComponentType, duplicate, notThere, type SaveMode, unsound } from "./component.ts";

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
