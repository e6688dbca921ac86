import { z } from "zod";
import { conditionSchema } from "./condition.ts";
import { settingMatchSchema } from "./settings.ts";

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
  whole_in: z
    .string()
    .optional()
    .describe(
      "Field of the same row that holds the text in full: a text too long is cut here, not rejected.",
    ),
  when: conditionSchema
    .optional()
    .describe("Fills the field only while this holds, see the conditions above."),
  otherwise: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe("What the field holds while `when` does not hold; nothing without it."),
  setting: settingMatchSchema
    .optional()
    .describe("The field is there under these settings of `migration.yaml` only."),
});

/** The options of one field. */
export type FieldOptions = z.infer<typeof fieldOptions>;

/** Names of the options. */
export const optionNames: readonly string[] = Object.keys(fieldOptions.shape);
