import { z } from "zod";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import { type RowError, rowError } from "./row-error.ts";

/** A validation rule, a trigger or a flow that refuses rows; its message may have several lines, as those of triggers do. */
export const adminRule = z.strictObject({
  object: z.string(),
  on: z.enum(["insert", "update", "both"]).default("both"),
  /** The rule looks at this field only; without it, it refuses every row. */
  field: z.string().optional(),
  /** A regular expression that the field's value must match for the row to be refused. */
  matches: z.string().default(""),
  code: z
    .enum([
      "FIELD_CUSTOM_VALIDATION_EXCEPTION",
      "FIELD_FILTER_VALIDATION_EXCEPTION",
      "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
      "CANNOT_EXECUTE_FLOW_TRIGGER",
    ])
    .default("FIELD_CUSTOM_VALIDATION_EXCEPTION"),
  message: z.string().default("A validation rule refuses this record"),
  /** Fields the error names. */
  fields: z.array(z.string()).default([]),
});

/** The first rule of the org's admins that refuses a row as it would stand. */
export function checkAdminRules(
  org: Org,
  object: SObject,
  values: Values,
  operation: "insert" | "update",
): RowError | undefined {
  const { rules } = org.settings.current();
  const refusing = rules.find((rule) => {
    if (rule.object !== object.name) return false;
    if (rule.on !== "both" && rule.on !== operation) return false;
    if (rule.field === undefined) return true;
    return new RegExp(rule.matches, "u").test(String(values[rule.field] ?? ""));
  });
  if (refusing === undefined) return undefined;
  return rowError(refusing.code, refusing.message, refusing.fields);
}
