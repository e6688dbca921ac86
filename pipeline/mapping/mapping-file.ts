import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { sourceEntities } from "../core/source-record.ts";
import { conditionSchema } from "./condition.ts";
import { type CustomProperty, customPropertiesSchema } from "./custom-properties.ts";
import { defaultPrefix, withPrefix } from "./publisher-prefix.ts";
import { settingMatchSchema } from "./settings.ts";
import { faultsOf } from "./zod-faults.ts";

/** What a custom field must be at the destination. */
export const customFieldSchema = z.strictObject({
  type: z.enum([
    "text",
    "long_text",
    "number",
    "money",
    "checkbox",
    "date",
    "datetime",
    "choice",
    "multi_choice",
    "lookup",
    "email",
    "phone",
    "url",
  ]),
  label: z.string().optional(),
  length: z.int().min(1).max(1_048_576).optional(),
  html: z.boolean().optional().describe("A long text of markup."),
  precision: z.int().min(1).max(18).optional(),
  scale: z.int().min(0).max(17).optional(),
  external_id: z.boolean().optional(),
  unique: z.boolean().optional(),
  values: z.array(z.string()).optional(),
  restricted: z.boolean().optional(),
  reference_to: z.string().optional(),
  relationship_name: z.string().optional(),
  delete_constraint: z.enum(["restrict", "set_null"]).optional(),
});

/** A table made for the migration, where the destination has each declared. */
export const customTableSchema = z.strictObject({
  label: z.string().min(1),
  plural: z.string().min(1),
  notes: z.boolean().default(false).describe("Whether notes and files may hang on its rows."),
  activities: z.boolean().default(false).describe("Whether activities may hang on its rows."),
});

const apiName = z.string().regex(/^[A-Za-z]\w*$/, "must be an API name");

const fieldsSchema = z.record(apiName, z.record(z.string(), z.unknown()));

const mappingSchema = z.strictObject({
  object: apiName,
  from: z.enum(sourceEntities),
  identity: z
    .enum(["external_id", "natural", "content", "user", "primary_key"])
    .default("external_id")
    .describe("How a row is known again."),
  natural_key: z
    .array(apiName)
    .min(2)
    .optional()
    .describe("Fields that together are unique, for identity natural."),
  find: z
    .strictObject({ by: z.array(apiName).min(1) })
    .optional()
    .describe("Fields by which a row that others made is found and taken over."),
  custom_table: customTableSchema.optional(),
  setting: settingMatchSchema.optional().describe("The file holds under these settings only."),
  after: z
    .array(apiName)
    .optional()
    .describe("Objects the first load takes before this one although nothing refers to them."),
  rows_when: conditionSchema.optional().describe("A record it does not hold for has no row."),
  fields: fieldsSchema,
  rows: fieldsSchema.optional().describe("Fields of each of a record's rows, where it is several."),
  custom_fields: z.record(apiName, customFieldSchema).default({}),
  not_carried: z.record(z.string(), z.string().min(3, "give the reason")).default({}),
});

const notMappedSchema = z.partialRecord(
  z.enum(sourceEntities),
  z.string().min(3, "give the reason"),
);

/** One mapping as its file says, and the file's name for error messages. */
export type MappingFile = z.infer<typeof mappingSchema> & { readonly file: string };

/** A mappings folder as read; what is wrong with it is in `faults`. */
export interface MappingFolder {
  readonly mappings: readonly MappingFile[];
  readonly properties: readonly CustomProperty[];
  readonly notMapped: Readonly<Record<string, string>>;
}

/** Entities without a mapping, with their reasons. */
export const notMappedFile = "not-mapped.yaml";
/** Custom properties that have a field of their own. */
const propertiesFile = "custom-properties.yaml";

/**
 * Reads every `*.yaml` of a mappings folder; adds to `faults` whatever is no mapping. Names that begin
 * with the default publisher prefix begin with `publisherPrefix` afterwards.
 */
export function readMappings(
  folder: string,
  faults: string[],
  publisherPrefix = defaultPrefix,
): MappingFolder {
  const mappings: MappingFile[] = [];
  let properties: readonly CustomProperty[] = [];
  let notMapped: Readonly<Record<string, string>> = {};
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".yaml")) continue;
    const value = withPrefix(parsed(join(folder, file), faults), publisherPrefix);
    if (value === undefined) continue;
    if (file === notMappedFile) notMapped = checked(notMappedSchema, value, file, faults) ?? {};
    else if (file === propertiesFile) {
      properties = checked(customPropertiesSchema, value, file, faults) ?? [];
    } else {
      const mapping = checked(mappingSchema, value, file, faults);
      if (mapping !== undefined) mappings.push({ ...mapping, file });
    }
  }
  return { mappings, properties, notMapped };
}

function parsed(path: string, faults: string[]): unknown {
  const document = parseDocument(readFileSync(path, "utf8"));
  for (const error of document.errors) faults.push(`${basename(path)}: ${error.message}`);
  return document.errors.length === 0 ? (document.toJS() as unknown) : undefined;
}

function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  file: string,
  faults: string[],
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  faults.push(...faultsOf(result.error, schema).map((fault) => `${file}: ${fault}`));
  return undefined;
}
