import type { Org } from "../org.ts";
import type { CustomField } from "../schema/custom.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import type { XmlElement } from "../soap/xml.ts";
import { idOf } from "../store/ids.ts";
import {
  ComponentRefusal,
  type ComponentType,
  duplicate,
  notThere,
  type SaveMode,
  unsound,
} from "./component.ts";
import { fieldOrder } from "./field-order.ts";
import { fieldXml } from "./field-xml.ts";
import { forgetGrants } from "./permission-rows.ts";

const mostExternalIds = 25;
const mostCustomFields = 800;
const developerName = /^[A-Za-z](?!\w*__\w*__c$)\w{0,38}[A-Za-z0-9]__c$|^[A-Za-z]__c$/;

/** Custom fields, one by one, by `Object.Field__c`. */
export const customFieldType: ComponentType = {
  name: "CustomField",
  directoryName: "objects",
  suffix: "field",
  childXmlNames: [],
  elements: {
    fullName: "string",
    label: "string",
    type: "string",
    length: "int",
    unique: "boolean",
  },
  read(org, fullName) {
    const [objectName = "", fieldName = ""] = fullName.split(".");
    const object = org.schema.find(carrier(objectName));
    if (object === undefined) return undefined;
    const order = org.schema.definitions.field(object.name, fieldName);
    return order === undefined ? undefined : fieldXml(`${objectName}.${order.name}`, order);
  },
  save: saveField,
  remove(org, fullName) {
    const [objectName = "", fieldName = ""] = fullName.split(".");
    const object = org.schema.find(carrier(objectName));
    const field = object === undefined ? undefined : findField(object, fieldName);
    if (object === undefined || field?.custom !== true) {
      throw notThere(`no CustomField named ${fullName} found`);
    }
    for (const one of objectName.toLowerCase() === "activity" ? ["Task", "Event"] : [object.name]) {
      const own = org.schema.find(one);
      const ownField = own === undefined ? undefined : findField(own, fieldName);
      if (own === undefined || ownField === undefined) continue;
      forgetGrants(org, "FieldPermissions", "Field", `${own.name}.${ownField.name}`);
      org.schema.remove(own, ownField);
    }
  },
  list: (org) =>
    org.schema.objects.flatMap((object) =>
      org.schema.definitions.fieldsOf(object.name).map((field, at) => ({
        fullName: `${object.name}.${field.name}`,
        id: idOf("00N", org.schema.objects.indexOf(object) * mostCustomFields + at + 1),
        fileName: `objects/${object.name}.object`,
      })),
    ),
};

/** The object whose definitions hold a field: Task's stand for Activity's, since both sides are alike. */
function carrier(objectName: string): string {
  return objectName.toLowerCase() === "activity" ? "Task" : objectName;
}

/** Creates or changes one field, hidden from everyone until it is granted. */
function saveField(org: Org, fullName: string, element: XmlElement, mode: SaveMode): boolean {
  const [objectName = "", fieldName = "", more] = fullName.split(".");
  const object = org.schema.find(carrier(objectName));
  if (object === undefined || more !== undefined) {
    throw notThere(`Entity of type 'CustomObject' named '${objectName}' cannot be found`);
  }
  const isActivity = objectName.toLowerCase() === "activity";
  if (!isActivity) checkPlace(object);
  const known = org.schema.definitions.field(object.name, fieldName);
  if (known === undefined && mode === "update") {
    throw notThere(`no CustomField named ${fullName} found`);
  }
  if (known !== undefined && mode === "create") {
    const stem = fieldName.replace(/__c$/, "");
    throw duplicate(`There is already a field named ${stem} on ${object.label}.`);
  }
  const field = checkedField(org, object, fieldName, element);
  const name = isActivity ? "Activity" : object.name;
  org.schema.apply([{ name, fields: [field], granted: object.granted }]);
  return known === undefined;
}

/** The order of a field of an object that is there or about to be; throws the refusal of one that cannot be made. */
export function checkedField(
  org: Org,
  object: SObject | undefined,
  fieldName: string,
  element: XmlElement,
): CustomField {
  if (!developerName.test(fieldName)) {
    const message =
      "The name can only contain letters, digits and single underscores, begins with a letter, and ends in __c";
    throw unsound(message, "fullName");
  }
  const known = object && org.schema.definitions.field(object.name, fieldName);
  const order = fieldOrder(known?.name ?? fieldName, element);
  checkTarget(org, order);
  if (known === undefined) checkLimits(org, object, order);
  else if (known.type !== order.type) throw unsound("Cannot change the type of this field", "type");
  return { ...order, granted: known === undefined ? false : known.granted !== false };
}

function checkPlace(object: SObject): void {
  // Their custom fields live on Activity; issues of salto-io/salto and other deploy tools agree that the parts refuse them.
  if (object.name === "Task" || object.name === "Event") {
    throw unsound(`Custom fields of ${object.name} are created on Activity`, "fullName");
  }
  if (object.setup && object.name !== "User") {
    const message = `${object.name} takes no custom fields`;
    throw new ComponentRefusal("CANNOT_MODIFY_MANAGED_OBJECT", message);
  }
}

function checkTarget(org: Org, { referenceTo }: CustomField): void {
  for (const name of [referenceTo ?? []].flat()) {
    if (org.schema.find(name) === undefined)
      throw notThere(`referenceTo value of '${name}' does not resolve to a valid sObject type`);
  }
}

function checkLimits(org: Org, object: SObject | undefined, order: CustomField): void {
  const fields = object === undefined ? [] : org.schema.definitions.fieldsOf(object.name);
  if (fields.length >= mostCustomFields) {
    const message = `You have reached the maximum number of ${mostCustomFields} custom fields on this object`;
    throw new ComponentRefusal("LIMIT_EXCEEDED", message);
  }
  const externalIds = fields.filter((field) => field.externalId === true).length;
  if (order.externalId === true && externalIds >= mostExternalIds) {
    const message = `You have reached the maximum number of ${mostExternalIds} external ID fields on this object`;
    throw new ComponentRefusal("LIMIT_EXCEEDED", message, ["externalId"]);
  }
}
