import type { Org } from "../org.ts";
import { objectOrder } from "../schema/custom.ts";
import type { SObject } from "../schema/sobject.ts";
import { childOf, textOf, type XmlElement, type XmlValue } from "../soap/xml.ts";
import { idOf } from "../store/ids.ts";
import { type ComponentType, duplicate, notThere, type SaveMode, unsound } from "./component.ts";
import { checkedField } from "./custom-field.ts";
import { defined } from "./field-order.ts";
import { fieldXml } from "./field-xml.ts";
import { forgetGrants } from "./permission-rows.ts";

const customName = /^[A-Za-z](?!\w*__\w*__c$)\w{0,38}[A-Za-z0-9]__c$|^[A-Za-z]__c$/;
const needed = ["label", "pluralLabel", "nameField", "deploymentStatus", "sharingModel"];

/** Custom objects, and standard ones as the carriers of custom fields. */
export const customObjectType: ComponentType = {
  name: "CustomObject",
  directoryName: "objects",
  suffix: "object",
  childXmlNames: ["CustomField"],
  elements: { fullName: "string", label: "string", pluralLabel: "string", sharingModel: "string" },
  read(org, fullName) {
    const object = org.schema.find(fullName);
    return object === undefined || object.setup ? undefined : objectXml(org, object);
  },
  save: saveObject,
  remove(org, fullName) {
    const object = org.schema.find(fullName);
    if (object?.custom !== true) throw notThere(`no CustomObject named ${fullName} found`);
    forgetGrants(org, "FieldPermissions", "SobjectType", object.name);
    forgetGrants(org, "ObjectPermissions", "SobjectType", object.name);
    org.schema.remove(object);
  },
  list: (org) =>
    org.schema.objects
      .filter((object) => !object.setup)
      .map((object, at) => ({
        fullName: object.name,
        id: object.custom ? idOf("01I", at + 1) : "",
        fileName: `objects/${object.name}.object`,
      })),
};

function saveObject(org: Org, fullName: string, element: XmlElement, mode: SaveMode): boolean {
  const known = org.schema.find(fullName);
  if (known === undefined && mode === "update") {
    throw notThere(`no CustomObject named ${fullName} found`);
  }
  if (known !== undefined && mode === "create") {
    throw duplicate(`There is already a Custom Object named ${fullName.replace(/__c$/, "")}`);
  }
  const isNew = known === undefined;
  // All fields are checked before the first thing is made.
  const fields = element.children
    .filter(({ name }) => name === "fields")
    .filter((field) => textOf(field, "fullName")?.endsWith("__c"))
    .map((field) => checkedField(org, known, textOf(field, "fullName") ?? "", field));
  const head = isNew || known.custom ? headOrder(org, fullName, element) : { name: known.name };
  org.schema.apply([{ ...head, fields }]);
  return isNew;
}

function headOrder(
  org: Org,
  fullName: string,
  element: XmlElement,
): ReturnType<typeof objectOrder.parse> {
  if (!customName.test(fullName)) {
    throw unsound("A custom object's name begins with a letter and ends in __c", "fullName");
  }
  const missing = needed.find((name) => childOf(element, name) === undefined);
  if (missing !== undefined)
    throw unsound(`Must specify a non-empty ${missing} for the CustomObject`, missing);
  const nameField = childOf(element, "nameField");
  const type = textOf(nameField, "type") ?? "Text";
  const displayFormat = textOf(nameField, "displayFormat");
  if (type === "AutoNumber" && displayFormat === undefined) {
    throw unsound("Must specify 'displayFormat' for a name field of type AutoNumber", "nameField");
  }
  const kept = org.schema.definitions.head(fullName);
  const order = objectOrder.safeParse({
    name: kept?.name ?? fullName,
    ...defined({
      label: textOf(element, "label"),
      labelPlural: textOf(element, "pluralLabel"),
      description: textOf(element, "description"),
      deploymentStatus: textOf(element, "deploymentStatus"),
      sharingModel: textOf(element, "sharingModel"),
    }),
    nameField: { type, ...defined({ label: textOf(nameField, "label"), displayFormat }) },
    granted: kept === undefined ? false : kept.granted !== false,
  });
  if (!order.success) throw unsound(`The name field cannot be of type ${type}`, "nameField");
  return order.data;
}

function objectXml(org: Org, object: SObject): XmlValue {
  const head = org.schema.definitions.head(object.name);
  const fields = org.schema.definitions.fieldsOf(object.name);
  const { type = "Text", label = `${object.label} Name`, displayFormat } = head?.nameField ?? {};
  return {
    fullName: object.name,
    deploymentStatus: object.custom ? (head?.deploymentStatus ?? "Deployed") : undefined,
    description: head?.description,
    fields: fields.map((field) => fieldXml(field.name, field)),
    label: object.label,
    nameField: object.custom ? { displayFormat, label, type } : undefined,
    pluralLabel: object.labelPlural,
    sharingModel: head?.sharingModel ?? "ReadWrite",
  };
}
