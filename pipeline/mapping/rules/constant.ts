import { z } from "zod";
import { isText } from "../target-field.ts";
import { MappingFault, rule } from "./rule.ts";

/** The same value for every record. */
export const constant = rule({
  name: "constant",
  doc: "The same value for every record.",
  example: 'SourceSystem: { constant: "Q Dispatch" }',
  schema: z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]) }),
  compile(spec, site) {
    const { type } = site.target;
    const value = spec.constant;
    const fits =
      (isText(type) && typeof value === "string") ||
      (type === "boolean" && typeof value === "boolean") ||
      (type === "int" && Number.isInteger(value));
    if (!fits) throw new MappingFault(`${JSON.stringify(value)} is no value of a ${type} field`);
    return { read: () => value };
  },
});
