import { z } from "zod";
import { labelledHtml, labelledSchema } from "../labelled-lines.ts";
import { MappingFault, requireType, rule } from "./rule.ts";

/** What has no field of its own, as lines of a field that shows HTML. */
export const htmlLines = rule({
  name: "html_lines",
  doc: "A line for each labelled field that has a value, as HTML: for rows that take no fields of ours, such as notes with files. Lists of words are joined, records are JSON, moments are in UTC.",
  example: 'notetext: { html_lines: { Kind: kind, Taken: taken_at, "Original name": file_name } }',
  schema: z.strictObject({ html_lines: labelledSchema }),
  compile(spec, site) {
    requireType(site, "textarea");
    if (site.target.html !== true) throw new MappingFault(`${site.target.name} shows no HTML`);
    const lines = labelledHtml(spec.html_lines, site);
    return { read: (record) => lines(record) || null };
  },
});
