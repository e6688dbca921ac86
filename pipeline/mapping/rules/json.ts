import { z } from "zod";
import { requireType, rule } from "./rule.ts";

/** A set, or a nested record, as JSON text. */
export const json = rule({
  name: "json",
  doc: "A list or nested record as one JSON text, keys in the schema's order; an empty list is an empty field. Custom properties land this way until each has a typed column of its own.",
  example: "PreferredWindows: { json: preferred_windows }",
  schema: z.strictObject({ json: z.string() }),
  compile(spec, site) {
    requireType(site, "textarea", "string");
    const { get } = site.path(spec.json, "list", "record", "money");
    return {
      read(record) {
        const value = get(record);
        if (value === null || (Array.isArray(value) && value.length === 0)) return null;
        return JSON.stringify(value);
      },
    };
  },
});
