import { z } from "zod";
import { sourceEntities } from "../core/source-record.ts";
import type { PropertyFields } from "./destinations/property-fields.ts";
import type { customFieldSchema, MappingFile } from "./mapping-file.ts";

/**
 * `mappings/custom-properties.yaml`: the custom properties that get a field of their own, as the
 * audit proposes them and a person confirms them with the plan. Without the file none has one.
 */
export const customPropertiesSchema = z.array(
  z.strictObject({
    entity: z.enum(sourceEntities),
    object: z.string().regex(/^[A-Za-z]\w*$/, "must be an API name"),
    key: z.string().min(1).describe("The property's key at the source."),
    label: z.string().nullable().default(null),
    field: z.string().regex(/^[A-Za-z]\w*$/, "must be an API name"),
    type: z.enum([
      "text",
      "long_text",
      "number",
      "checkbox",
      "date",
      "datetime",
      "choice",
      "multi_choice",
      "url",
    ]),
    length: z.int().min(1).max(1_048_576).optional(),
    precision: z.int().min(1).max(18).optional(),
    scale: z.int().min(0).max(17).optional(),
    values: z.array(z.string()).optional(),
    restricted: z.boolean().optional(),
    evidence: z
      .strictObject({
        from: z.enum(["definition", "values"]),
        seen: z.int().min(0),
        misfits: z.int().min(0),
      })
      .optional()
      .describe("What the type was concluded from: values seen, and those it does not take."),
  }),
);

/** One custom property with its field. */
export type CustomProperty = z.infer<typeof customPropertiesSchema>[number];

/** The field of a property as a mapping would define it. */
function customFieldOf(
  property: CustomProperty,
  { labelLength, urlLength }: PropertyFields,
): z.infer<typeof customFieldSchema> {
  const { type, label, precision, scale, values, restricted } = property;
  const length = property.length ?? (type === "url" ? urlLength : undefined);
  return {
    type,
    label: (label ?? property.key).trim().slice(0, labelLength),
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(values === undefined ? {} : { values }),
    ...(restricted === undefined ? {} : { restricted }),
  };
}

/** A field for each custom property, as if the file had named it. */
export function withProperties(
  file: MappingFile,
  properties: readonly CustomProperty[],
  made: PropertyFields,
): MappingFile {
  if (properties.length === 0) return file;
  const fields = properties.map(({ key, field }) => [field, { property: key }] as const);
  const specs = properties.map(
    (property) => [property.field, customFieldOf(property, made)] as const,
  );
  return {
    ...file,
    fields: { ...file.fields, ...Object.fromEntries(fields) },
    custom_fields: { ...file.custom_fields, ...Object.fromEntries(specs) },
  };
}
