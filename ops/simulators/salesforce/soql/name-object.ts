import { type Field, fieldOf, type Value } from "../schema/field.ts";
import type { Found } from "./column.ts";

/**
 * What a lookup to several objects shows of its target: the fields of the pseudo-object Name (SOQL
 * and SOSL Reference, "Understanding Polymorphic Keys and Relationships"); fields of the target's own
 * need TYPEOF.
 */
const fields: ReadonlyMap<string, Field> = new Map(
  [
    fieldOf({ name: "Id", type: "id" }),
    fieldOf({ name: "Type", type: "picklist" }),
    ...["Name", "FirstName", "LastName", "Alias", "Username", "Title", "Email", "Phone"].map(
      (name) => fieldOf({ name, type: "string" }),
    ),
    ...["ProfileId", "UserRoleId", "RecordTypeId"].map((name) =>
      fieldOf({ name, type: "reference" }),
    ),
    fieldOf({ name: "IsActive", type: "boolean" }),
  ].map((field) => [field.name.toLowerCase(), field]),
);

/** Whether a lookup shows Name instead of one object. */
export function isPolymorphic(lookup: Field): boolean {
  return lookup.referenceTo.length > 1;
}

/** A field of Name. */
export function nameField(name: string): Field | undefined {
  return fields.get(name.toLowerCase());
}

/** What Name says of a row; its type is the object's name, of a queue `Queue`. */
export function nameValue(found: Found, field: Field): Value {
  const { object, values } = found;
  if (field.name === "Type") return values["Type"] === "Queue" ? "Queue" : object.name;
  // What has no name of that name is called by its number or subject.
  if (field.name === "Name") {
    return values["Name"] ?? values["CaseNumber"] ?? values["Subject"] ?? null;
  }
  return object.fields.has(field.name.toLowerCase()) ? (values[field.name] ?? null) : null;
}
