import { findField } from "../../schema/sobject.ts";
import type { Org } from "../../org.ts";
import type { Values } from "../../schema/field.ts";
import type { ObjectRule } from "../object-rules.ts";
import { rowsNaming } from "../platform-rows.ts";
import { type RowError, rowError } from "../row-error.ts";
import type { Writer } from "../write.ts";

/** Grants of a field: one a permission set, of fields that can be granted (Object Reference, "FieldPermissions"). */
export const fieldPermissions: ObjectRule = {
  check(writer, given, before) {
    const values = { ...before, ...given };
    return (
      checkField(writer.org, values) ??
      checkNeeds(values, ["Edit"]) ??
      checkTwin(writer, "FieldPermissions", ["ParentId", "Field"], values, before)
    );
  },
};

/** Grants of an object: one a permission set (Object Reference, "ObjectPermissions"). */
export const objectPermissions: ObjectRule = {
  check(writer, given, before) {
    const values = { ...before, ...given };
    const name = String(values["SobjectType"] ?? "");
    if (writer.org.schema.find(name) === undefined) return badValue("SobjectType", name);
    return (
      checkNeeds(values, ["Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords"]) ??
      checkTwin(writer, "ObjectPermissions", ["ParentId", "SobjectType"], values, before)
    );
  },
};

/** A permission set is assigned to a user once. */
export const permissionSetAssignment: ObjectRule = {
  check: (writer, given, before) =>
    checkTwin(
      writer,
      "PermissionSetAssignment",
      ["PermissionSetId", "AssigneeId"],
      { ...before, ...given },
      before,
    ),
};

function checkField(org: Org, values: Values): RowError | undefined {
  const name = String(values["Field"] ?? "");
  const [objectName = "", fieldName = ""] = name.split(".");
  const object = org.schema.find(objectName);
  const field = object === undefined ? undefined : findField(object, fieldName);
  // What every row must have is granted to all: it is not among the values of this picklist.
  if (field === undefined || !(field.nillable || field.type === "boolean")) {
    return badValue("Field", name);
  }
  if (object?.name.toLowerCase() === String(values["SobjectType"]).toLowerCase()) return undefined;
  const message = `Field ${name} is not one of ${String(values["SobjectType"])}`;
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, ["Field"]);
}

function badValue(field: string, value: string): RowError {
  const message = `${field}: bad value for restricted picklist field: ${value}`;
  return rowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [field]);
}

/** Every other permission needs the one to read. */
function checkNeeds(values: Values, names: readonly string[]): RowError | undefined {
  if (values["PermissionsRead"] === true) return undefined;
  const lone = names.find((name) => values[`Permissions${name}`] === true);
  if (lone === undefined) return undefined;
  const message = `Permission ${lone} depends on permission(s): Read`;
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, [`Permissions${lone}`]);
}

function checkTwin(
  writer: Writer,
  object: string,
  [parent, key]: readonly [parent: string, key: string],
  values: Values,
  before: Values | undefined,
): RowError | undefined {
  const wanted = String(values[key]).toLowerCase();
  const twin = rowsNaming(writer, object, parent, values[parent]).find(
    (row) => String(row.values[key]).toLowerCase() === wanted && row.id !== before?.["Id"],
  );
  if (twin === undefined) return undefined;
  const message = `duplicate value found: ${key} duplicates value on record with id: ${twin.id}`;
  return rowError("DUPLICATE_VALUE", message);
}
