import { type Field, type FieldFacts, fieldOf } from "./field.ts";

/** What a client may ask to be done to rows. */
export type Verb = "create" | "update" | "delete" | "undelete";

/** What makes an sObject; fields every object has are added. */
export interface ObjectFacts {
  readonly name: string;
  readonly label?: string;
  readonly labelPlural?: string;
  readonly keyPrefix: string;
  /** Setup objects (users, profiles, permission sets) are no business data: not deletable, no audit fields. */
  readonly setup?: boolean;
  readonly readOnly?: boolean;
  readonly granted?: boolean;
  /** Calls this object does not support. */
  readonly refuses?: readonly Verb[];
  /** `server`: only the server sets the stamps, whatever a user may; `modstamp`: there is but SystemModstamp. */
  readonly stamps?: "server" | "modstamp";
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
  /** Everyone may use it; otherwise only those whom a permission set allows. */
  readonly granted: boolean;
  readonly refuses: ReadonlySet<Verb>;
  /** What it supports, but not for the user whose view this is. */
  readonly withheld: ReadonlySet<Verb>;
  readonly fields: Map<string, Field>;
  /** Lookups by lower-case relationship name. */
  readonly parents: Map<string, Field>;
}

const verbs: readonly Verb[] = ["create", "update", "delete", "undelete"];
const stamp = { nillable: false, defaulted: true, createable: false, updateable: false } as const;
const byUser = { ...stamp, type: "reference", referenceTo: ["User"] } as const;

/** The fields each sObject has, in the order of a describe. */
const systemFields: readonly FieldFacts[] = [
  { name: "Id", type: "id", ...stamp },
  { name: "IsDeleted", label: "Deleted", type: "boolean", ...stamp },
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
    granted: facts.granted ?? true,
    refuses: new Set(facts.readOnly === true ? verbs : (facts.refuses ?? [])),
    withheld: new Set(),
    fields: new Map(),
    parents: new Map(),
  };
  for (const field of [...systemFields, ...facts.fields, ...stampsOf(facts)]) {
    const named = field.name === "Id" ? { label: object.custom ? "Record ID" : `${label} ID` } : {};
    putField(object, fieldOf({ ...field, ...named }));
  }
  return object;
}

function stampsOf(facts: ObjectFacts): readonly FieldFacts[] {
  if (facts.stamps === "modstamp") return auditFields.slice(-1);
  const settable = facts.setup !== true && facts.stamps !== "server";
  return settable ? auditFields : auditFields.map((field) => ({ ...field, audit: false }));
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

const owners: ReadonlySet<string> = new Set(["User", "Group", "Calendar"]);

/** Fields a row may be found by, or whose referers must be found: the store keeps an index of each. */
export function isIndexed(object: SObject, field: Field): boolean {
  if (field.name === "Id" || object.readOnly) return false;
  // Setup rows are few, and queues are found by their group.
  if (field.type === "reference") {
    return object.setup || !field.referenceTo.every((to) => owners.has(to));
  }
  return field.externalId || field.idLookup || field.unique;
}
