import { z } from "zod";
import { requireType, rule } from "./rule.ts";

/** A list of words as one text. */
export const list = rule({
  name: "list",
  doc: "A list of texts joined into one; an empty list is an empty field.",
  example: 'Tags: { list: tags, separator: "; " }',
  schema: z.strictObject({ list: z.string(), separator: z.string().default("; ") }),
  compile(spec, site) {
    requireType(site, "string", "textarea");
    const { get } = site.path(spec.list, "list");
    return {
      read(record) {
        const items = get(record) as readonly string[];
        return items.length === 0 ? null : items.join(spec.separator);
      },
    };
  },
});
