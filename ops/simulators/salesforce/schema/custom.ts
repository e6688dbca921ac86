import { z } from "zod";
import type { FieldFacts } from "./field.ts";

const customName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*__c$/, "must be an API name ending in __c");

/** A custom field as an admin (or the Metadata API) orders it. */
export const customField = z.strictObject({
  name: customName,
  label: z.string().optional(),
  type: z.enum([
    "Text",
    "TextArea",
    "LongTextArea",
    "Number",
    "Currency",
    "Percent",
    "Checkbox",
    "Date",
    "DateTime",
    "Picklist",
    "MultiselectPicklist",
    "Lookup",
    "MasterDetail",
    "Email",
    "Phone",
    "Url",
  ]),
  length: z.int().min(1).max(131_072).optional(),
  precision: z.int().min(1).max(18).optional(),
  scale: z.int().min(0).max(17).optional(),
  externalId: z.boolean().optional(),
  unique: z.boolean().optional(),
  caseSensitive: z.boolean().optional(),
  required: z.boolean().optional(),
  values: z.array(z.string()).optional(),
  restricted: z.boolean().optional(),
  defaultValue: z.union([z.string(), z.boolean(), z.number()]).optional(),
  referenceTo: z.union([z.string(), z.array(z.string())]).optional(),
  relationshipName: z.string().optional(),
  relationshipLabel: z.string().optional(),
  deleteConstraint: z.enum(["Restrict", "SetNull", "Cascade"]).optional(),
  visibleLines: z.int().optional(),
  description: z.string().optional(),
  inlineHelpText: z.string().optional(),
  /** false: hidden from everyone until a permission set grants it, as the Metadata API leaves it. */
  granted: z.boolean().optional(),
});

/** A custom object, or a standard one that gets custom fields. */
export const objectOrder = z.strictObject({
  name: z.string().min(1),
  label: z.string().optional(),
  labelPlural: z.string().optional(),
  description: z.string().optional(),
  nameField: z
    .strictObject({
      type: z.enum(["Text", "AutoNumber"]),
      label: z.string().optional(),
      displayFormat: z.string().optional(),
    })
    .optional(),
  deploymentStatus: z.string().optional(),
  sharingModel: z.string().optional(),
  granted: z.boolean().optional(),
  fields: z.array(customField).default([]),
});

/** The shape of `POST /__simulator/schema`. */
export const schemaOrder = z.strictObject({ objects: z.array(objectOrder) });

/** An ordered custom field. */
export type CustomField = z.infer<typeof customField>;

const types = {
  Text: "string",
  TextArea: "textarea",
  LongTextArea: "textarea",
  Number: "double",
  Currency: "currency",
  Percent: "percent",
  Checkbox: "boolean",
  Date: "date",
  DateTime: "datetime",
  Picklist: "picklist",
  MultiselectPicklist: "multipicklist",
  Lookup: "reference",
  MasterDetail: "reference",
  Email: "email",
  Phone: "phone",
  Url: "url",
} as const satisfies Record<CustomField["type"], FieldFacts["type"]>;

const deleteRules = { Restrict: "restrict", SetNull: "setNull", Cascade: "cascade" } as const;

/** The facts of a custom field, in the words of a describe. */
export function factsOf(order: CustomField): FieldFacts {
  const type = types[order.type];
  const master = order.type === "MasterDetail";
  const checkbox = type === "boolean";
  return {
    name: order.name,
    type,
    ...(order.label === undefined ? {} : { label: order.label }),
    inlineHelpText: order.inlineHelpText ?? null,
    ...lengthOf(order),
    ...(order.precision === undefined ? {} : { precision: order.precision }),
    ...(order.scale === undefined ? {} : { scale: order.scale }),
    nillable: !(order.required === true || master || checkbox),
    updateable: !master,
    // What every row must have is hidden from nobody.
    granted: order.granted !== false || order.required === true || master,
    externalId: order.externalId ?? false,
    unique: order.unique ?? false,
    caseSensitive: order.caseSensitive ?? false,
    restricted: order.restricted ?? false,
    values: order.values ?? [],
    ...(order.defaultValue === undefined
      ? {}
      : { defaultValue: order.defaultValue, defaulted: true }),
    ...(type === "reference" ? lookupFacts(order, master) : {}),
  };
}

function lengthOf(order: CustomField): { length?: number } {
  if (order.type === "LongTextArea") return { length: order.length ?? 32_768 };
  return order.length === undefined ? {} : { length: order.length };
}

function lookupFacts(order: CustomField, master: boolean): Partial<FieldFacts> {
  const stem = order.name.replace(/__c$/, "");
  return {
    referenceTo: [order.referenceTo ?? []].flat(),
    relationshipName: `${stem}__r`,
    childRelationship: `${order.relationshipName ?? `${stem}s`}__r`,
    deleteRule: master ? "cascade" : deleteRules[order.deleteConstraint ?? "SetNull"],
  };
}
