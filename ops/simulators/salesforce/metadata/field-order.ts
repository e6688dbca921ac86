import { z } from "zod";
import { type CustomField, customField } from "../schema/custom.ts";
import { childOf, textOf, type XmlElement } from "../soap/xml.ts";
import { unsound } from "./component.ts";

type FieldType = CustomField["type"];

/** Elements a type cannot do without; the Metadata API guide, "CustomField". */
const needed: Partial<Record<FieldType, readonly string[]>> = {
  Text: ["length"],
  LongTextArea: ["length", "visibleLines"],
  Number: ["precision", "scale"],
  Currency: ["precision", "scale"],
  Percent: ["precision", "scale"],
  Checkbox: ["defaultValue"],
  Picklist: ["valueSet"],
  MultiselectPicklist: ["valueSet", "visibleLines"],
  Lookup: ["referenceTo"],
  MasterDetail: ["referenceTo", "relationshipName"],
};

/** Elements that only some types may have. */
const allowed: Readonly<Record<string, readonly FieldType[]>> = {
  length: ["Text", "LongTextArea"],
  precision: ["Number", "Currency", "Percent"],
  scale: ["Number", "Currency", "Percent"],
  externalId: ["Text", "Number", "Email"],
  unique: ["Text", "Number", "Email"],
  referenceTo: ["Lookup", "MasterDetail"],
  valueSet: ["Picklist", "MultiselectPicklist"],
};

const longest: Partial<Record<FieldType, readonly [number, number]>> = {
  Text: [1, 255],
  LongTextArea: [256, 131_072],
};

/** The order of a field that its XML is; throws the refusal of one that does not hold together. */
export function fieldOrder(name: string, element: XmlElement): CustomField {
  const type = textOf(element, "type") ?? "";
  checkElements(type as FieldType, element);
  const picks = picksOf(element);
  const order = customField.safeParse(
    defined({
      name,
      type,
      label: textOf(element, "label"),
      length: numberOf(element, "length"),
      precision: numberOf(element, "precision"),
      scale: numberOf(element, "scale"),
      externalId: flagOf(element, "externalId"),
      unique: flagOf(element, "unique"),
      caseSensitive: flagOf(element, "caseSensitive"),
      required: flagOf(element, "required"),
      ...picks,
      ...defaultOf(type, element, picks?.defaultValue),
      referenceTo: textOf(element, "referenceTo"),
      relationshipName: textOf(element, "relationshipName"),
      relationshipLabel: textOf(element, "relationshipLabel"),
      deleteConstraint: textOf(element, "deleteConstraint"),
      visibleLines: numberOf(element, "visibleLines"),
      description: textOf(element, "description"),
      inlineHelpText: textOf(element, "inlineHelpText"),
    }),
  );
  if (!order.success) throw unsound(z.prettifyError(order.error), "type");
  checkSizes(order.data);
  return order.data;
}

function checkElements(type: FieldType, element: XmlElement): void {
  const has = (name: string): boolean => childOf(element, name) !== undefined;
  if (!has("label")) throw unsound("Must specify a non-empty label for the CustomField", "label");
  const missing = needed[type]?.find((name) => !has(name));
  if (missing !== undefined) {
    throw unsound(`Must specify '${missing}' for a CustomField of type ${type}`, missing);
  }
  for (const [name, types] of Object.entries(allowed)) {
    const given = textOf(element, name) !== undefined || childOf(element, name)?.children.length;
    if (!given || textOf(element, name) === "false" || types.includes(type)) continue;
    throw unsound(`Can not specify '${name}' for a CustomField of type ${type}`, name);
  }
}

function checkSizes({ type, length, precision = 18, scale = 0 }: CustomField): void {
  const [least, most] = longest[type] ?? [0, Number.MAX_SAFE_INTEGER];
  if (length !== undefined && (length < least || length > most)) {
    throw unsound(`Value out of range. ${type} length must be ${least} to ${most}`, "length");
  }
  if (scale > precision) throw unsound("Scale must not be greater than precision", "scale");
}

function defaultOf(
  type: string,
  element: XmlElement,
  picked: string | undefined,
): { defaultValue?: string | boolean } {
  const text = textOf(element, "defaultValue");
  if (type === "Checkbox") return { defaultValue: text === "true" };
  // Other types hold a formula here; a quoted text is the one that is understood.
  const literal = /^"(.*)"$/.exec(text ?? "")?.[1] ?? picked;
  return literal === undefined ? {} : { defaultValue: literal };
}

function picksOf(
  element: XmlElement,
): { values: string[]; restricted: boolean; defaultValue?: string } | undefined {
  const set = childOf(element, "valueSet");
  if (set === undefined) return undefined;
  const entries = childOf(set, "valueSetDefinition")?.children ?? [];
  const values = entries.filter(({ name }) => name === "value");
  const chosen = values.find((value) => textOf(value, "default") === "true");
  const defaultValue = textOf(chosen, "fullName");
  return {
    values: values.flatMap((value) => textOf(value, "fullName") ?? []),
    restricted: textOf(set, "restricted") === "true",
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}

function numberOf(element: XmlElement, name: string): number | undefined {
  const text = textOf(element, name);
  return text === undefined ? undefined : Number(text);
}

function flagOf(element: XmlElement, name: string): boolean | undefined {
  const text = textOf(element, name);
  return text === undefined ? undefined : text === "true";
}

/** Without the keys that hold nothing. */
export function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
