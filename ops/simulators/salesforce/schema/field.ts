/** The type names a describe shows. */
export type FieldType =
  | "id"
  | "string"
  | "boolean"
  | "int"
  | "double"
  | "currency"
  | "percent"
  | "date"
  | "datetime"
  | "email"
  | "phone"
  | "url"
  | "textarea"
  | "picklist"
  | "multipicklist"
  | "combobox"
  | "base64"
  | "reference";

/** A value as a row holds it: dates as `YYYY-MM-DD`, datetimes as ISO text in UTC with milliseconds. */
export type Value = string | number | boolean | null;

/** Values by canonical field name. */
export type Values = Record<string, Value>;

/** What becomes of a child when its parent is deleted; `keep` leaves the id of what is gone. */
export type DeleteRule = "cascade" | "restrict" | "setNull" | "keep";

/** One field of an sObject. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly custom: boolean;
  /** Everyone may see and set it; otherwise it is hidden until a permission set grants it. */
  readonly granted: boolean;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Has a value although a client gives none. */
  readonly defaulted: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly autoNumber: boolean;
  /** How the server's numbers are spelt, such as `INV-{0000}`. */
  readonly displayFormat: string | null;
  readonly inlineHelpText: string | null;
  readonly calculated: boolean;
  readonly nameField: boolean;
  /** One of the four stamps that an insert may set under the audit permission. */
  readonly audit: boolean;
  /** May stand in WHERE and ORDER BY; long text may not. */
  readonly filterable: boolean;
  /** The limit counts UTF-8 bytes instead of characters. */
  readonly inBytes: boolean;
  readonly restricted: boolean;
  readonly values: readonly string[];
  readonly defaultValue: Value;
  readonly referenceTo: readonly string[];
  /** A lookup to records of any kind: every custom object is added to its targets. */
  readonly reachesCustom: boolean;
  readonly relationshipName: string | null;
  readonly deleteRule: DeleteRule;
  /** Name of the list of children at the parent, such as `Contacts`. */
  readonly childRelationship: string | null;
}

/** What a field's maker says; the rest follows from its type. */
export type FieldFacts = Partial<Field> & Pick<Field, "name" | "type">;

/** Text types whose strings are bounded by `length`. */
export const textTypes: ReadonlySet<FieldType> = new Set([
  "string",
  "email",
  "phone",
  "url",
  "textarea",
  "picklist",
  "multipicklist",
  "combobox",
]);

/** Types that hold numbers. */
export const numberTypes: ReadonlySet<FieldType> = new Set([
  "int",
  "double",
  "currency",
  "percent",
]);

const lengths: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  multipicklist: 4_099,
  string: 255,
  combobox: 255,
  textarea: 255,
};

/** A whole field from the facts that make it special. */
export function fieldOf(facts: FieldFacts): Field {
  const { name, type } = facts;
  const isNumber = numberTypes.has(type);
  const length = facts.length ?? lengths[type] ?? 0;
  return {
    label: labelOf(name),
    length,
    precision: isNumber ? 18 : 0,
    scale: 0,
    custom: name.endsWith("__c"),
    granted: true,
    nillable: type !== "boolean" && type !== "id",
    createable: true,
    updateable: true,
    defaulted: type === "boolean",
    unique: false,
    caseSensitive: false,
    externalId: false,
    idLookup: type === "id" || facts.externalId === true,
    autoNumber: false,
    displayFormat: null,
    inlineHelpText: null,
    calculated: false,
    nameField: false,
    audit: false,
    filterable: !(type === "textarea" && length > 255) && type !== "base64",
    inBytes: false,
    restricted: false,
    values: [],
    defaultValue: type === "boolean" ? false : null,
    referenceTo: [],
    reachesCustom: false,
    relationshipName: null,
    deleteRule: "setNull",
    childRelationship: null,
    ...facts,
  };
}

function labelOf(name: string): string {
  return name
    .replace(/__c$/, "")
    .replace(/Id$/, " ID")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ");
}
