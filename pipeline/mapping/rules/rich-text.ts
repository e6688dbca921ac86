import { z } from "zod";
import { escapedText } from "../html-escape.ts";
import { labelledHtml, labelledSchema } from "../labelled-lines.ts";
import { plainText } from "../plain-text.ts";
import { paragraphs, richHtml, richHtmlOver } from "../rich-html.ts";
import { signatureOf, signatureSchema } from "../signed-text.ts";
import { Fault, MappingFault, requireType, rule } from "./rule.ts";

/** How much of a text stands in the row while the whole is a file. */
const excerpt = 1_000;

/** A text with its formatting. */
export const richText = rule({
  name: "rich_text",
  doc: "A text as HTML for a field that shows it: of HTML the formatting stays, and scripts, event handlers, styles, images and addresses other than web, mail and telephone go; plain text and markdown become paragraphs. `signed` sets author and time above the words where the row has no audit fields for them, `labelled` adds a line for each field that has a value. A text with more than `over` characters shows its beginning: the row holds the whole as its file.",
  example:
    "notetext: { rich_text: body, format: format, signed: { name: author_name, id: author_id, at: [written_at, created_at] }, over: 90000 }",
  schema: z.strictObject({
    rich_text: z.string(),
    format: z.string().optional(),
    signed: signatureSchema.optional(),
    labelled: labelledSchema.default({}),
    over: z.int().min(1).optional(),
  }),
  compile(spec, site) {
    requireType(site, "textarea");
    if (site.target.html !== true) throw new MappingFault(`${site.target.name} shows no HTML`);
    const body = site.path(spec.rich_text, "text").get;
    const format = spec.format === undefined ? () => null : site.path(spec.format, "text").get;
    const signature = spec.signed === undefined ? () => null : signatureOf(spec.signed, site);
    const below = labelledHtml(spec.labelled, site);
    return {
      read(record) {
        const [words, written] = [body(record), format(record)] as (string | null)[];
        const above = signature(record);
        if (above instanceof Fault) return above;
        const signed = above === null ? "" : `<p><strong>${escapedText(above)}</strong></p>`;
        return `${signed}${shown(words ?? null, written ?? null, spec.over)}${below(record)}`;
      },
    };
  },
});

function shown(words: string | null, format: string | null, over: number | undefined): string {
  if (words === null) return "";
  if (over === undefined || !richHtmlOver(words, format, over)) return richHtml(words, format);
  const beginning = plainText(words, format).trim().slice(0, excerpt).toWellFormed();
  return `${paragraphs(`${beginning}…`)}<p><em>The whole text is in the attached file.</em></p>`;
}
