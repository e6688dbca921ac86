import type { Org } from "../org.ts";
import { SoapFault } from "../soap/fault.ts";
import { textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import { ComponentRefusal, type SaveMode } from "./component.ts";
import { describeAll, describeType, listAll, typeNamed } from "./describe-metadata.ts";

const mostComponents = 10;

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
