import { z } from "zod";
import { Fault, requireType, rule } from "./rule.ts";

/** Yes or no. */
export const boolean = rule({
  name: "boolean",
  doc: "Yes or no; a checkbox has no empty state, so what the source leaves open is no. Of a text it is yes or no word by word: one in neither list is rejected as VALUE_NOT_IN_TABLE.",
  example: "TaxExempt: { boolean: tax_exempt }",
  schema: z.strictObject({
    boolean: z.string(),
    yes: z.array(z.string()).min(1).optional(),
    no: z.array(z.string()).min(1).optional(),
  }),
  compile(spec, site) {
    requireType(site, "boolean");
    if (spec.yes === undefined) {
      const { get } = site.path(spec.boolean, "boolean");
      return { read: (record) => get(record) === true };
    }
    const { get } = site.path(spec.boolean, "text");
    const yes = new Set(spec.yes);
    const no = new Set(spec.no);
    return {
      read(record) {
        const value = get(record) as string | null;
        if (value === null || value === "" || no.has(value)) return false;
        return yes.has(value) ? true : notInTable(value);
      },
    };
  },
});

/** A word nobody has confirmed. */
export function notInTable(value: string): Fault {
  const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return new Fault(
    "VALUE_NOT_IN_TABLE",
    `${shown} is not in the value table: add an entry, or correct it at the source.`,
  );
}
