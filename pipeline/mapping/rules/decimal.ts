import { z } from "zod";
import { exactDecimal } from "../exact-decimal.ts";
import { requireType, rule } from "./rule.ts";

/** A decimal number kept as text. */
export const decimal = rule({
  name: "decimal",
  doc: "A decimal number given as text, exact at the field's scale: one with more places is rejected, never rounded.",
  example: "Quantity: { decimal: quantity }",
  schema: z.strictObject({ decimal: z.string() }),
  compile(spec, site) {
    requireType(site, "decimal");
    const { precision = 18, scale = 0 } = site.target;
    const { get } = site.path(spec.decimal, "text");
    return {
      read(record) {
        const value = get(record) as string | null;
        return value === null || value === "" ? null : exactDecimal(value, precision, scale);
      },
    };
  },
});
