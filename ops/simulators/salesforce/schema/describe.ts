import type { Org } from "../org.ts";
import { type Field, textTypes } from "./field.ts";
import type { SObject } from "./sobject.ts";
import { visibleField } from "./schema.ts";

/** What describe global says of an object. */
export function describeBrief(object: SObject, dataPath: string): Record<string, unknown> {
  const writable = !object.readOnly;
  const url = `${dataPath}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: writable,
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: writable && object.name !== "User",
    deprecatedAndHidden: false,
    feedEnabled: !object.setup,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: !object.setup,
    mergeable: ["Account", "Contact", "Case"].includes(object.name),
    mruEnabled: !object.setup,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: !object.setup,
    triggerable: !object.setup,
    undeletable: !object.setup,
    updateable: writable,
    urls: {
      sobject: url,
      describe: `${url}/describe`,
      rowTemplate: `${url}/{ID}`,
      layouts: `${url}/describe/layouts`,
      compactLayouts: `${url}/describe/compactLayouts`,
      approvalLayouts: `${url}/describe/approvalLayouts`,
      quickActions: `${url}/quickActions`,
      listviews: `${url}/listviews`,
    },
  };
}

/** What describe says of one object, with the fields its caller may see. */
export function describeWhole(org: Org, object: SObject, dataPath: string): object {
  const audit = org.settings.current().auditFields;
  const fields = [...object.fields.values()].filter((field) => visibleField(object, field.name));
  return {
    ...describeBrief(object, dataPath),
    actionOverrides: [],
    childRelationships: org.schema.childrenOf(object).map(({ child, field }) => ({
      cascadeDelete: field.deleteRule === "cascade",
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: field.childRelationship,
      restrictedDelete: field.deleteRule === "restrict",
    })),
    compactLayoutable: !object.setup,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: fields.map((field) => describeField(field, audit)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [masterRecordType(`${dataPath}/sobjects/${object.name}`)],
    searchLayoutable: !object.setup,
    sobjectDescribeOption: "FULL",
    supportedScopes: [{ label: "All records", name: "everything" }],
  };
}

function masterRecordType(url: string): object {
  const recordTypeId = "012000000000000AAA";
  return {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: "Master",
    master: true,
    name: "Master",
    recordTypeId,
    urls: { layout: `${url}/describe/layouts/${recordTypeId}` },
  };
}

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
};

function describeField(field: Field, audit: boolean): object {
  const isText = textTypes.has(field.type) || field.type === "id" || field.type === "reference";
  const polymorphic = field.referenceTo.length > 1;
  const isInt = field.type === "int";
  return {
    aggregatable: field.filterable,
    aiPredictionField: false,
    autoNumber: field.autoNumber,
    byteLength: isText ? (field.inBytes ? field.length : field.length * 3) : 0,
    calculated: field.calculated,
    calculatedFormula: null,
    cascadeDelete: field.deleteRule === "cascade",
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.nameField && !field.createable ? "Name" : null,
    controllerName: null,
    createable: field.createable || (audit && field.audit),
    custom: field.custom,
    defaultValue: field.defaultValue,
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
    inlineHelpText: null,
    label: field.label,
    length: isText ? field.length : 0,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: polymorphic,
    nillable: field.nillable,
    permissionable: field.createable && field.nillable,
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
    restrictedDelete: field.deleteRule === "restrict",
    restrictedPicklist: field.restricted,
    scale: field.scale,
    searchPrefilterable: false,
    soapType: soapTypes[field.type] ?? "xsd:string",
    sortable: field.filterable && field.type !== "multipicklist",
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}
