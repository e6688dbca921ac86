import type { FieldFacts } from "./field.ts";
import { lookup, required } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

/** Grants and assignments go with their permission set. */
const ofSet = { ...required, deleteRule: "cascade" } as const;

const permissionSet: ObjectFacts = {
  name: "PermissionSet",
  keyPrefix: "0PS",
  setup: true,
  fields: [
    { name: "Name", type: "string", length: 80, nameField: true, ...required, unique: true },
    { name: "Label", type: "string", length: 80, ...required },
    { name: "PermissionsModifyAllData", type: "boolean" },
    { name: "PermissionsViewAllData", type: "boolean" },
    { name: "PermissionsCreateAuditFields", type: "boolean" },
    { name: "PermissionsBulkApiHardDelete", type: "boolean" },
    { name: "PermissionsUpdateWithInactiveOwners", type: "boolean" },
    { name: "Description", type: "string", length: 255 },
    { name: "IsCustom", type: "boolean" },
    { name: "IsOwnedByProfile", type: "boolean" },
    lookup("Profile", ["Profile"]),
  ],
};

const permissionSetAssignment: ObjectFacts = {
  name: "PermissionSetAssignment",
  keyPrefix: "0Pa",
  setup: true,
  fields: [
    lookup("PermissionSet", ["PermissionSet"], ofSet),
    lookup("Assignee", ["User"], required),
  ],
};

const permissions = (...names: string[]): FieldFacts[] =>
  names.map((one) => ({ name: `Permissions${one}`, type: "boolean" }));

const fieldPermissions: ObjectFacts = {
  name: "FieldPermissions",
  keyPrefix: "01k",
  setup: true,
  fields: [
    lookup("Parent", ["PermissionSet"], ofSet),
    { name: "SobjectType", type: "picklist", ...required },
    { name: "Field", type: "picklist", ...required },
    ...permissions("Read", "Edit"),
  ],
};

const objectPermissions: ObjectFacts = {
  name: "ObjectPermissions",
  keyPrefix: "110",
  setup: true,
  fields: [
    lookup("Parent", ["PermissionSet"], ofSet),
    { name: "SobjectType", type: "picklist", ...required },
    ...permissions("Create", "Read", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords"),
  ],
};

/** The setup objects that say who may do what. */
export const permissionObjects: readonly ObjectFacts[] = [
  permissionSet,
  permissionSetAssignment,
  fieldPermissions,
  objectPermissions,
];
