import type { z } from "zod";
import type { DestinationKind, FieldType } from "../core/plan.ts";
import type { DestinationRules } from "./destinations/destination-rules.ts";
import { destinationRules } from "./destinations/rules-of.ts";
import { type StandardField, standardFields } from "./destinations/standard-fields.ts";
import type { customFieldSchema, MappingFile } from "./mapping-file.ts";
import { withPrefix } from "./publisher-prefix.ts";
import type { CustomField, TargetField } from "./target-field.ts";

type CustomSpec = z.infer<typeof customFieldSchema>;

/** What a mapping can fill. */
export interface Destination {
  readonly rules: DestinationRules;
  /** Whether an object is one of the destination's own, or named as a custom one. */
  isKnownObject(object: string): boolean;
  /** Every field a mapping may fill: the object's standard ones, and the custom ones it names itself. */
  targetFields(mapping: MappingFile): ReadonlyMap<string, TargetField>;
}

const types: Readonly<Record<CustomSpec["type"], FieldType>> = {
  text: "string",
  long_text: "textarea",
  number: "decimal",
  money: "decimal",
  checkbox: "boolean",
  date: "date",
  datetime: "datetime",
  choice: "picklist",
  multi_choice: "multipicklist",
  lookup: "reference",
  email: "email",
  phone: "phone",
  url: "url",
};

/** A kind of destination, its custom names beginning with the publisher's prefix where it has one. */
export function destinationOf(kind: DestinationKind, publisherPrefix: string): Destination {
  const rules = destinationRules(kind, publisherPrefix);
  const standard = withPrefix(standardFields(kind), publisherPrefix) as ReturnType<
    typeof standardFields
  >;
  return {
    rules,
    isKnownObject: (object) => rules.isCustom(object) || Object.hasOwn(standard, object),
    targetFields({ object, custom_fields: custom }) {
      const own = standard[object] ?? (rules.isCustom(object) ? standard["custom"] : undefined);
      return new Map([
        ...Object.entries(own ?? {}).map(
          ([name, spec]) => [name, target(name, spec, rules)] as const,
        ),
        ...Object.entries(custom).map(
          ([name, spec]) => [name, customTarget(name, spec, rules)] as const,
        ),
      ]);
    },
  };
}

function customTarget(name: string, spec: CustomSpec, rules: DestinationRules): TargetField {
  const isWhole = spec.type === "number" && (spec.scale ?? 0) === 0 && (spec.precision ?? 18) <= 9;
  const type = isWhole ? "int" : types[spec.type];
  const { values, reference_to: to } = spec;
  const isClosed = spec.restricted === true || !rules.openChoices;
  const lookup = to === undefined ? {} : { reference_to: [to] };
  return {
    ...target(name, { ...spec, type, reference_to: undefined, ...lookup }, rules),
    ...(isClosed && values !== undefined ? { values } : {}),
  };
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function target(
  name: string,
  spec: Loose<StandardField> & Pick<StandardField, "type">,
  rules: DestinationRules,
): TargetField {
  const { type, bytes, html, required, audit, reference_to: objects } = spec;
  const relationship = spec.relationship ?? rules.relationship(name);
  const through = relationship === undefined ? {} : { relationship };
  return {
    name,
    type,
    ...sizes(spec, rules),
    ...(bytes === undefined ? {} : { bytes }),
    ...(html === true ? { html } : {}),
    required: required === true,
    audit: audit === true,
    ...(objects === undefined ? {} : { reference: { objects, ...through } }),
  };
}

function sizes(
  spec: Loose<StandardField> & Pick<StandardField, "type">,
  { lengths }: DestinationRules,
): Pick<TargetField, "length" | "precision" | "scale"> {
  const { type, precision = 18, scale = 0 } = spec;
  if (type === "decimal") return { precision, scale };
  const length = spec.length ?? lengths[type];
  return length === undefined ? {} : { length };
}

/** The custom fields of a mapping, in the words of code. */
export function customFieldsOf(mapping: MappingFile): CustomField[] {
  return Object.entries(mapping.custom_fields).map(([name, spec]) => {
    const entries = Object.entries(spec).map(([key, value]) => [camelCase(key), value]);
    return { name, ...(Object.fromEntries(entries) as Omit<CustomField, "name">) };
  });
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
