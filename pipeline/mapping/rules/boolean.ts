import { z } from "zod";
import { requireType, rule } from "./rule.ts";

/** Yes or no. */
export const boolean = rule({
  name: "boolean",
  doc: "Yes or no; a checkbox has no empty state, so what the source leaves open is no.",
  example: "Tax_Exempt__c: { boolean: tax_exempt }",
  schema: z.strictObject({ boolean: z.string() }),
  compile(spec, site) {
    requireType(site, "boolean");
    const { get } = site.path(spec.boolean, "boolean");
    return { read: (record) => get(record) === true };
  },
});
