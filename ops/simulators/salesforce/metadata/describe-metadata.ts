import type { Org } from "../org.ts";
import { SoapFault } from "../soap/fault.ts";
import { textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import type { ComponentType } from "./component.ts";
import { customFieldType } from "./custom-field.ts";
import { customObjectType } from "./custom-object.ts";
import { permissionSetType } from "./permission-set.ts";

/** The namespace of the Metadata API. */
export const metadataNamespace = "http://soap.sforce.com/2006/04/metadata";

const types: readonly ComponentType[] = [customObjectType, customFieldType, permissionSetType];
const mostQueries = 3;

/** The type of a name; throws the fault of one that this org does not have. */
export function typeNamed(name: string | undefined): ComponentType {
  const found = types.find((type) => type.name === name);
  if (found !== undefined) return found;
  const message = `This type of metadata is not available for this organization: ${name ?? "none"}`;
  throw new SoapFault("INVALID_TYPE", message);
}

/** `listMetadata`: what there is of up to three types. */
export function listAll(org: Org, userId: string, operation: XmlElement): XmlValue {
  const queries = operation.children.filter(({ name }) => name === "queries");
  if (queries.length > mostQueries) {
    throw new SoapFault("EXCEEDED_ID_LIMIT", `At most ${mostQueries} queries can be asked at once`);
  }
  const user = org.rows("User").byId(userId)?.values ?? {};
  const at = new Date(org.clock.now()).toISOString();
  return queries.flatMap((query) => {
    const type = typeNamed(textOf(query, "type"));
    return type.list(org).map(({ fullName, id, fileName }) => ({
      createdById: userId,
      createdByName: user["Name"],
      createdDate: at,
      fileName,
      fullName,
      id,
      lastModifiedById: userId,
      lastModifiedByName: user["Name"],
      lastModifiedDate: at,
      manageableState: "unmanaged",
      type: type.name,
    }));
  });
}

/** `describeMetadata`: the types there are. */
export function describeAll(): XmlValue {
  const shown = types.filter((type) => type !== customFieldType);
  return {
    metadataObjects: shown.map(({ childXmlNames, directoryName, suffix, name }) => ({
      childXmlNames,
      directoryName,
      inFolder: false,
      metaFile: false,
      suffix,
      xmlName: name,
    })),
    organizationNamespace: "",
    partialSaveAllowed: true,
    testRequired: false,
  };
}

/** `describeValueType`: the elements of one type. */
export function describeType(operation: XmlElement): XmlValue {
  const name = textOf(operation, "type") ?? "";
  const type = types.find((one) => `{${metadataNamespace}}${one.name}` === name);
  if (type === undefined) {
    throw new SoapFault("INVALID_CROSS_REFERENCE_KEY", `no metadata type named ${name}`);
  }
  return {
    apiCreatable: true,
    apiDeletable: true,
    apiReadable: true,
    apiUpdatable: true,
    valueTypeFields: Object.entries(type.elements).map(([element, soapType]) => ({
      isForeignKey: false,
      isNameField: element === "fullName",
      minOccurs: element === "fullName" ? 1 : 0,
      name: element,
      soapType,
      valueRequired: element === "fullName",
    })),
  };
}
