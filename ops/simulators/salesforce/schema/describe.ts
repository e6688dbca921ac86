import type { Org } from "../org.ts";
import { describeField } from "./describe-field.ts";
import type { SObject, Verb } from "./sobject.ts";

/** What describe global says of an object. */
export function describeBrief(object: SObject, dataPath: string): Record<string, unknown> {
  const url = `${dataPath}/sobjects/${object.name}`;
  const may = (verb: Verb): boolean => !object.refuses.has(verb) && !object.withheld.has(verb);
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: may("create"),
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: may("delete"),
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
    undeletable: !object.setup && may("undelete"),
    updateable: may("update"),
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
  const fields = [...object.fields.values()];
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
    fields: fields.map((field) => describeField(field, org.access.auditFields)),
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
