import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { z } from "zod";
import type { FieldType } from "../core/plan.ts";
import type { customFieldSchema, MappingFile } from "./mapping-file.ts";
import type { CustomField, TargetField } from "./target-field.ts";

type CustomSpec = z.infer<typeof customFieldSchema>;

interface StandardSpec {
  readonly type: FieldType;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly required?: true;
  readonly audit?: true;
  readonly reference_to?: readonly string[];
  readonly relationship?: string;
}

const standardFile = new URL("destinations/salesforce.yaml", import.meta.url);
let standard: Readonly<Record<string, Readonly<Record<string, StandardSpec>>>> | undefined;

const types: Readonly<Record<CustomSpec["type"], FieldType>> = {
  Text: "string",
  LongTextArea: "textarea",
  Number: "decimal",
  Currency: "decimal",
  Checkbox: "boolean",
  Date: "date",
  DateTime: "datetime",
  Picklist: "picklist",
  MultiselectPicklist: "multipicklist",
  Lookup: "reference",
  Email: "email",
  Phone: "phone",
  Url: "url",
};

/** What a type holds where its definition says no length. */
const lengths: Partial<Record<FieldType, number>> = {
  string: 255,
  textarea: 32_768,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  multipicklist: 4_099,
};

/** Every field a mapping may fill: the object's standard ones, and the custom ones it names itself. */
export function targetFields(mapping: MappingFile): ReadonlyMap<string, TargetField> {
  const facts = standardFacts();
  const fields = new Map<string, TargetField>();
  const own = facts[mapping.object] ?? (mapping.object.endsWith("__c") ? facts["custom"] : {});
  for (const [name, spec] of Object.entries(own ?? {})) fields.set(name, standardField(name, spec));
  for (const [name, spec] of Object.entries(mapping.custom_fields)) {
    fields.set(name, customTarget(name, spec));
  }
  return fields;
}

/** Whether an object is one of the destination's own. */
export function isKnownObject(object: string): boolean {
  return object.endsWith("__c") || Object.hasOwn(standardFacts(), object);
}

function standardFacts(): NonNullable<typeof standard> {
  // Merge keys are how the objects share their stamps.
  standard ??= parse(readFileSync(standardFile, "utf8"), { merge: true }) as NonNullable<
    typeof standard
  >;
  return standard;
}

function standardField(name: string, spec: StandardSpec): TargetField {
  return {
    name,
    type: spec.type,
    ...sizes(spec.type, spec),
    required: spec.required === true,
    audit: spec.audit === true,
    ...(spec.reference_to === undefined
      ? {}
      : {
          reference: {
            objects: spec.reference_to,
            relationship: spec.relationship ?? name.replace(/Id$/, ""),
          },
        }),
  };
}

function customTarget(name: string, spec: CustomSpec): TargetField {
  const whole = spec.type === "Number" && (spec.scale ?? 0) === 0 && (spec.precision ?? 18) <= 9;
  const type = whole ? "int" : types[spec.type];
  return {
    name,
    type,
    ...sizes(type, spec),
    required: false,
    audit: false,
    ...(spec.restricted === true && spec.values !== undefined ? { values: spec.values } : {}),
    ...(spec.reference_to === undefined
      ? {}
      : {
          reference: {
            objects: [spec.reference_to],
            relationship: name.replace(/__c$/, "__r"),
          },
        }),
  };
}

function sizes(
  type: FieldType,
  spec: {
    readonly length?: number | undefined;
    readonly precision?: number | undefined;
    readonly scale?: number | undefined;
  },
): Pick<TargetField, "length" | "precision" | "scale"> {
  if (type === "decimal") return { precision: spec.precision ?? 18, scale: spec.scale ?? 0 };
  const length = spec.length ?? lengths[type];
  return length === undefined ? {} : { length };
}

/** The custom fields of a mapping as the destination's metadata names things. */
export function customFieldsOf(mapping: MappingFile): CustomField[] {
  return Object.entries(mapping.custom_fields).map(([name, spec]) => {
    const entries = Object.entries(spec).map(([key, value]) => [camelCase(key), value]);
    return { name, ...(Object.fromEntries(entries) as Omit<CustomField, "name">) };
  });
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
