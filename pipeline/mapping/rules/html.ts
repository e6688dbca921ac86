import { z } from "zod";
import { htmlToText, looksLikeHtml } from "../html-text.ts";
import { requireType, rule } from "./rule.ts";

/** Rich text for a plain field. */
export const html = rule({
  name: "html",
  doc: "Rich text as plain text: paragraphs, breaks and list items become lines, entities their characters; scripts and styles leave nothing. A text without markup stays as it is.",
  example: "Details: { html: description, overflow: WholeDetails }",
  schema: z.strictObject({ html: z.string() }),
  compile(spec, site) {
    requireType(site, "textarea", "string");
    const { get } = site.path(spec.html, "text");
    return {
      read(record) {
        const value = get(record) as string | null;
        return value !== null && looksLikeHtml(value) ? htmlToText(value) : value;
      },
    };
  },
});
