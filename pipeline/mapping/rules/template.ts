import { z } from "zod";
import { isText } from "../target-field.ts";
import { MappingFault, rule } from "./rule.ts";

/** A text composed of several fields. */
export const template = rule({
  name: "template",
  doc: "A text with fields put in: a missing one leaves nothing, and where all are missing the whole is empty.",
  example: 'Summary: { template: "{number}: {title}" }',
  schema: z.strictObject({ template: z.string() }),
  compile(spec, site) {
    if (!isText(site.target.type)) throw new MappingFault("a template fills text fields only");
    const parts = spec.template.split(/\{([\w.]+)\}/);
    const readers = parts.map((part, index) =>
      index % 2 === 1 ? site.path(part, "text", "int").get : undefined,
    );
    return {
      read(record) {
        let found = false;
        let text = "";
        for (const [index, reader] of readers.entries()) {
          const value = (reader === undefined ? parts[index] : reader(record)) as
            | string
            | number
            | null;
          if (value === null) continue;
          if (reader !== undefined && value !== "") found = true;
          text += value;
        }
        return found ? text : null;
      },
    };
  },
});
