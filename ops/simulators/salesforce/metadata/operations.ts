import type { Org } from "../org.ts";
import { SoapFault } from "../soap/fault.ts";
import { textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import { ComponentRefusal, type ComponentType, notThere, type SaveMode } from "./component.ts";
import { customFieldType } from "./custom-field.ts";
import { customObjectType } from "./custom-object.ts";
import { permissionSetType } from "./permission-set.ts";

/** The namespace of the Metadata API. */
export const metadataNamespace = "http://soap.sforce.com/2006/04/metadata";

const types: readonly ComponentType[] = [customObjectType, customFieldType, permissionSetType];
const mostComponents = 10;
const mostQueries = 3;

/** Answers one operation of the Metadata API for a user; the value is what stands in `<result>`. */
export function answerMetadata(seen: Org, userId: string, operation: XmlElement): XmlValue {
  if (!seen.access.modifyAll) {
    const message = "You do not have access to the Metadata API: it needs Modify All Data";
    throw new SoapFault("INSUFFICIENT_ACCESS", message);
  }
  // Metadata shows and changes what is there, whoever may see the data in it.
  const org = seen.whole;
  switch (operation.name) {
    case "createMetadata":
      return saveAll(org, operation, "create");
    case "updateMetadata":
      return saveAll(org, operation, "update");
    case "upsertMetadata":
      return saveAll(org, operation, "upsert");
    case "readMetadata":
      return readAll(org, operation);
    case "deleteMetadata":
      return removeAll(org, operation);
    case "listMetadata":
      return listAll(org, userId, operation);
    case "describeMetadata":
      return describeAll();
    case "describeValueType":
      return describeType(operation);
    default:
      throw new SoapFault(
        "UNKNOWN_EXCEPTION",
        `No operation available for request ${operation.name}`,
      );
  }
}

function typeNamed(name: string | undefined): ComponentType {
  const found = types.find((type) => type.name === name);
  if (found !== undefined) return found;
  const message = `This type of metadata is not available for this organization: ${name ?? "none"}`;
  throw new SoapFault("INVALID_TYPE", message);
}

function checkCount(count: number): void {
  if (count <= mostComponents) return;
  const message = `record limit reached. cannot submit more than ${mostComponents} records in this operation`;
  throw new SoapFault("EXCEEDED_ID_LIMIT", message);
}

function saveAll(org: Org, operation: XmlElement, mode: SaveMode): XmlValue {
  const given = operation.children.filter(({ name }) => name === "metadata");
  checkCount(given.length);
  const [first] = given;
  if (given.some(({ type }) => type !== first?.type)) {
    throw new SoapFault("INVALID_TYPE", "All components of a call must be of one type");
  }
  const type = typeNamed(first?.type);
  return given.map((element) => {
    const fullName = textOf(element, "fullName") ?? "";
    const result = saved(org, () => ({ created: type.save(org, fullName, element, mode) }));
    return mode === "upsert"
      ? { created: false, ...result, fullName }
      : { ...result, created: undefined, fullName };
  });
}

function removeAll(org: Org, operation: XmlElement): XmlValue {
  const names = namesOf(operation);
  const type = typeNamed(textOf(operation, "type"));
  return names.map((fullName) => ({ ...saved(org, () => type.remove(org, fullName)), fullName }));
}

/** Does the work as a transaction of its own and says how it ended. */
function saved(org: Org, work: () => object | void): { readonly [name: string]: XmlValue } {
  try {
    return { ...org.database.transaction(work), success: true };
  } catch (error) {
    if (!(error instanceof ComponentRefusal)) throw error;
    const { fields, message, code: statusCode } = error;
    return { errors: { fields, message, statusCode }, success: false };
  }
}

function readAll(org: Org, operation: XmlElement): XmlValue {
  const names = namesOf(operation);
  const type = typeNamed(textOf(operation, "type"));
  const records = names.map((fullName) => {
    const value = type.read(org, fullName);
    return value === undefined ? null : { "@xsi:type": type.name, ...(value as object) };
  });
  return { records };
}

function namesOf(operation: XmlElement): string[] {
  const elements = operation.children.filter(({ name }) => name === "fullNames");
  checkCount(elements.length);
  return elements.map(({ text }) => text.trim());
}

function listAll(org: Org, userId: string, operation: XmlElement): XmlValue {
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

function describeAll(): XmlValue {
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

function describeType(operation: XmlElement): XmlValue {
  const name = textOf(operation, "type") ?? "";
  const type = types.find((one) => `{${metadataNamespace}}${one.name}` === name);
  if (type === undefined) throw notThereFault(name);
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

function notThereFault(name: string): SoapFault {
  const { code, message } = notThere(`no metadata type named ${name}`);
  return new SoapFault(code, message);
}
