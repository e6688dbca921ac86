import type { CustomField } from "../schema/custom.ts";
import type { XmlValue } from "../soap/xml.ts";

/** A field as a reply shows it, its elements in the order of the alphabet as the server has them. */
export function fieldXml(
  fullName: string,
  order: CustomField,
): { readonly [name: string]: XmlValue } {
  const isPicklist = order.type === "Picklist" || order.type === "MultiselectPicklist";
  const isLookup = order.type === "Lookup" || order.type === "MasterDetail";
  const { defaultValue } = order;
  return {
    fullName,
    caseSensitive: order.caseSensitive,
    defaultValue: isPicklist ? undefined : defaultValue,
    deleteConstraint: order.type === "Lookup" ? (order.deleteConstraint ?? "SetNull") : undefined,
    description: order.description,
    externalId: order.externalId ?? false,
    inlineHelpText: order.inlineHelpText,
    label: order.label ?? order.name,
    length: order.length,
    precision: order.precision,
    referenceTo: [order.referenceTo ?? []].flat()[0],
    relationshipLabel: order.relationshipLabel,
    relationshipName: isLookup ? order.relationshipName : undefined,
    required: order.required ?? false,
    scale: order.scale,
    type: order.type,
    unique: order.unique,
    valueSet: isPicklist ? valueSetXml(order) : undefined,
    visibleLines: order.visibleLines,
  };
}

function valueSetXml({ values = [], restricted = false, defaultValue }: CustomField): XmlValue {
  const value = values.map((fullName) => ({
    fullName,
    default: fullName === defaultValue,
    label: fullName,
  }));
  return { restricted, valueSetDefinition: { sorted: false, value } };
}
