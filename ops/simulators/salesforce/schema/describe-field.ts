import { type Field, textTypes } from "./field.ts";

const soapTypes: Partial<Record<Field["type"], string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  boolean: "xsd:boolean",
  int: "xsd:int",
  double: "xsd:double",
  currency: "xsd:double",
  percent: "xsd:double",
  date: "xsd:date",
  datetime: "xsd:dateTime",
  base64: "xsd:base64Binary",
};

/** A field as describe shows it, with all 57 keys; `audit` says whether the audit stamps may be set. */
export function describeField(field: Field, audit: boolean): object {
  const isId = field.type === "id" || field.type === "reference";
  const isText = textTypes.has(field.type) || isId;
  const polymorphic = field.referenceTo.length > 1;
  const isInt = field.type === "int";
  const isFlag = field.type === "boolean";
  return {
    aggregatable: field.filterable && !isFlag,
    aiPredictionField: false,
    autoNumber: field.autoNumber,
    byteLength: byteLengthOf(field),
    calculated: field.calculated,
    calculatedFormula: null,
    // The lists of children tell what standard lookups do; here stands what an admin chose.
    cascadeDelete: field.custom && field.deleteRule === "cascade",
    caseSensitive: field.caseSensitive,
    compoundFieldName: compoundOf(field),
    controllerName: null,
    createable: field.createable || (audit && field.audit),
    custom: field.custom,
    defaultValue: field.values.length > 0 ? null : field.defaultValue,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaulted,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: isInt ? field.precision : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.type === "textarea" ? "plaintextarea" : null,
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable:
      field.filterable && !["double", "currency", "percent", "datetime"].includes(field.type),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: field.inlineHelpText,
    label: field.label,
    length: isText ? field.length : 0,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: polymorphic,
    nillable: field.nillable,
    permissionable: (field.nillable || isFlag) && (field.custom || field.createable),
    picklistValues: field.values.map((value) => ({
      active: true,
      defaultValue: value === field.defaultValue,
      label: value,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: polymorphic,
    precision: isInt ? 0 : field.precision,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: field.custom && field.deleteRule === "restrict",
    restrictedPicklist: field.restricted,
    scale: field.scale,
    searchPrefilterable: field.type === "reference" && field.nillable && field.createable,
    soapType: soapTypes[field.type] ?? "xsd:string",
    sortable: field.filterable && field.type !== "multipicklist",
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

/** Ids count their characters, other texts three bytes for each, and comments the bytes they may hold. */
function byteLengthOf({ type, length, inBytes }: Field): number {
  if (type === "id" || type === "reference" || inBytes) return length;
  return textTypes.has(type) ? length * 3 : 0;
}

const addressPart =
  /^(Billing|Shipping|Mailing|Other)(?:Street|City|State|PostalCode|Country|Latitude|Longitude)$/;
const nameParts: ReadonlySet<string> = new Set(["Salutation", "FirstName", "LastName"]);

function compoundOf({ name, createable }: Field): string | null {
  const address = addressPart.exec(name)?.[1];
  if (address !== undefined) return `${address}Address`;
  return nameParts.has(name) || (name === "Name" && !createable) ? "Name" : null;
}
