import { z } from "zod";

/** What a field may say beside its rule. */
export const fieldOptions = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Rejects a record that has no value, as VALUE_MISSING."),
  create_only: z.boolean().optional().describe("Set when the row is created and never again."),
  overflow: z
    .string()
    .optional()
    .describe(
      "Field that takes the whole text where it is longer than this one, which then holds its beginning. Without it a text too long is rejected.",
    ),
  when: z
    .strictObject({ field: z.string(), in: z.array(z.string()).min(1) })
    .optional()
    .describe("Fills the field only while a source field has one of these values."),
});

/** The options of one field. */
export type FieldOptions = z.infer<typeof fieldOptions>;

/** Names of the options. */
export const optionNames: readonly string[] = Object.keys(fieldOptions.shape);
