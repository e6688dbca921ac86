import { z } from "zod";
import type { Money } from "../../core/generated/records.ts";
import { exactDecimal } from "../exact-decimal.ts";
import { requireType, rule } from "./rule.ts";

/** An exact amount. */
export const money = rule({
  name: "money",
  doc: "An amount, exact at the field's scale: one with more places is rejected, never rounded. The currency is a value of its own (`copy: total.currency`).",
  example: "Total: { money: total }",
  schema: z.strictObject({ money: z.string() }),
  compile(spec, site) {
    requireType(site, "decimal");
    const { precision = 18, scale = 2 } = site.target;
    const { get } = site.path(spec.money, "money");
    return {
      read(record) {
        const value = get(record) as Money | null;
        return value === null ? null : exactDecimal(value.amount, precision, scale);
      },
    };
  },
});
