import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import type { Component } from "../salesforce-client.ts";
import { carrierOf, type ExpectedObject } from "./expected.ts";
import { metadataTypes } from "./metadata-types.ts";

/** Labels of fields and objects have no more characters. */
const labelLength = 40;

/** A custom field as the Metadata API takes it; elements by the Metadata API guide, "CustomField". */
export function fieldComponent(object: string, field: CustomField): Component {
  const { name, length, precision, scale, externalId, unique } = field;
  const type = metadataTypes[field.type];
  return defined({
    fullName: `${carrierOf(object)}.${name}`,
    label: (field.label ?? labelOf(name)).slice(0, labelLength),
    type,
    ...{ length: length ?? (type === "Text" ? 255 : undefined), precision, scale },
    ...{ externalId, unique },
    defaultValue: type === "Checkbox" ? "false" : undefined,
    visibleLines: type === "LongTextArea" ? 5 : type === "MultiselectPicklist" ? 4 : undefined,
    valueSet: field.values && valueSet(field.values, field.restricted === true),
    ...lookupElements(object, field),
  });
}

function lookupElements(object: string, field: CustomField): Readonly<Record<string, unknown>> {
  const { referenceTo, relationshipName, deleteConstraint } = field;
  if (referenceTo === undefined) return {};
  const own = object.replace(/__c$/, "");
  return {
    referenceTo,
    // Unique among the lookups to one object, and a lookup's list bears it.
    relationshipName: relationshipName ?? `${own}_${field.name.replace(/__c$/, "")}`.slice(0, 40),
    relationshipLabel: labelOf(object).slice(0, labelLength),
    deleteConstraint: deleteConstraint === "set_null" ? "SetNull" : "Restrict",
  };
}

/** The choices of a picklist; a restricted one takes no others. */
export function valueSet(values: readonly string[], restricted: boolean): object {
  const value = values.map((each) => ({ fullName: each, default: false, label: each }));
  return { restricted, valueSetDefinition: { sorted: false, value } };
}

/** A custom object as the Metadata API takes it, without its fields. */
export function objectComponent({ name, standard }: ExpectedObject): Component {
  const label = labelOf(name).slice(0, labelLength);
  const named = standard.some((field) => field.name === "Name");
  const numbers = { type: "AutoNumber", displayFormat: `${initials(label)}-{0000000}` };
  return {
    fullName: name,
    label,
    pluralLabel: `${label}s`.slice(0, labelLength),
    nameField: { label: `${label} Name`, ...(named ? { type: "Text" } : numbers) },
    deploymentStatus: "Deployed",
    sharingModel: "ReadWrite",
  };
}

/** The permission set that lets our user see and write what the plan needs. */
export function permissionSet(
  fullName: string,
  expected: readonly ExpectedObject[],
  isThere: (component: string) => boolean,
): Component {
  const grants = expected.flatMap(({ name, custom }) =>
    custom
      .filter((field) => isThere(`CustomField ${carrierOf(name)}.${field.name}`))
      .map((field) => ({ field: `${name}.${field.name}`, readable: true, editable: true })),
  );
  const objects = expected.filter(
    ({ name }) => name.endsWith("__c") && isThere(`CustomObject ${name}`),
  );
  return {
    fullName,
    label: "Cutover migration",
    description: "Fields and objects the migration writes; take it off our user when it is over.",
    fieldPermissions: grants,
    objectPermissions: objects.map(({ name }) => ({
      ...{ object: name, allowRead: true, allowCreate: true, allowEdit: true, allowDelete: true },
      ...{ viewAllRecords: true, modifyAllRecords: true },
    })),
  };
}

function labelOf(name: string): string {
  return name.replace(/__c$/, "").replaceAll("_", " ");
}

function initials(label: string): string {
  const letters = label.split(" ").map((word) => word.charAt(0).toUpperCase());
  return letters.join("").slice(0, 10);
}

function defined(elements: Readonly<Record<string, unknown>>): Component {
  const entries = Object.entries(elements).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Component;
}
