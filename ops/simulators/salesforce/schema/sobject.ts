import { type Field, type FieldFacts, fieldOf } from "./field.ts";

/** What makes an sObject; fields every object has are added. */
export interface ObjectFacts {
  readonly name: string;
  readonly label?: string;
  readonly labelPlural?: string;
  readonly keyPrefix: string;
  /** Setup objects (users, profiles, permission sets) are no business data: not deletable, no audit fields. */
  readonly setup?: boolean;
  readonly readOnly?: boolean;
  readonly fields: readonly FieldFacts[];
}

/** One sObject; its field map is keyed by lower-case name, since API names ignore case on input. */
export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly setup: boolean;
  readonly readOnly: boolean;
  readonly fields: Map<string, Field>;
  /** Lookups by lower-case relationship name. */
  readonly parents: Map<string, Field>;
}

const stamp = { nillable: false, defaulted: true, createable: false, updateable: false } as const;
const byUser = { ...stamp, type: "reference", referenceTo: ["User"] } as const;

/** The fields each sObject has, in the order of a describe. */
const systemFields: readonly FieldFacts[] = [
  { name: "Id", type: "id", ...stamp },
  { name: "IsDeleted", type: "boolean", ...stamp },
];

const auditFields: readonly FieldFacts[] = [
  { name: "CreatedDate", type: "datetime", ...stamp, audit: true },
  { name: "CreatedById", relationshipName: "CreatedBy", ...byUser, audit: true },
  { name: "LastModifiedDate", type: "datetime", ...stamp, audit: true },
  { name: "LastModifiedById", relationshipName: "LastModifiedBy", ...byUser, audit: true },
  { name: "SystemModstamp", type: "datetime", ...stamp },
];

/** Makes an sObject of its facts. */
export function sobjectOf(facts: ObjectFacts): SObject {
  const label = facts.label ?? facts.name.replace(/__c$/, "").replaceAll("_", " ");
  const object: SObject = {
    name: facts.name,
    label,
    labelPlural: facts.labelPlural ?? `${label}s`,
    keyPrefix: facts.keyPrefix,
    custom: facts.name.endsWith("__c"),
    setup: facts.setup ?? false,
    readOnly: facts.readOnly ?? false,
    fields: new Map(),
    parents: new Map(),
  };
  const setup = facts.setup === true;
  const audit = auditFields.map((field) => (setup ? { ...field, audit: false } : field));
  for (const field of [...systemFields, ...facts.fields, ...audit])
    putField(object, fieldOf(field));
  return object;
}

/** Adds a field to an sObject or replaces the one of that name. */
export function putField(object: SObject, field: Field): void {
  object.fields.set(field.name.toLowerCase(), field);
  if (field.relationshipName !== null) {
    object.parents.set(field.relationshipName.toLowerCase(), field);
  }
}

/** The field of a name, whatever its case. */
export function findField(object: SObject, name: string): Field | undefined {
  return object.fields.get(name) ?? object.fields.get(name.toLowerCase());
}

/** Fields a row may be found by, or whose referers must be found: the store keeps an index of each. */
export function isIndexed(object: SObject, field: Field): boolean {
  if (field.name === "Id" || object.readOnly) return false;
  if (field.type === "reference") return !field.referenceTo.includes("User");
  return field.externalId || field.idLookup || field.unique;
}
