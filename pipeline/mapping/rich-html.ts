import { escapedText } from "./html-escape.ts";
import { looksLikeHtml } from "./html-text.ts";
import { markdownToText } from "./markdown-text.ts";
import { sanitisedHtml } from "./sanitised-html.ts";

/**
 * A text as harmless HTML, by the format its source names: html keeps its formatting, markdown and text
 * are paragraphs and lines, and a text of unknown format is read as HTML where it holds tags or entities.
 */
export function richHtml(body: string, format: string | null): string {
  switch (format?.trim().toLowerCase()) {
    case "text":
    case "plain":
      return paragraphs(body);
    case "html":
      return sanitisedHtml(body);
    case "markdown":
      return paragraphs(markdownToText(body));
    default:
      return looksLikeHtml(body) ? sanitisedHtml(body) : paragraphs(body);
  }
}

/** Plain text as paragraphs, each of its lines on one of its own. */
export function paragraphs(text: string): string {
  const parts = text
    .replace(/\r\n?/g, "\n")
    .trim()
    .split(/\n{2,}/);
  return parts
    .filter((part) => part.trim() !== "")
    .map((part) => `<p>${escapedText(part).replaceAll("\n", "<br>")}</p>`)
    .join("");
}

/** The most characters one of a plain text becomes: a quote of it is an entity. */
const growth = 6;

/** Whether a text has more characters than so many, as harmless HTML. */
export function richHtmlOver(body: string | null, format: string | null, length: number): boolean {
  if (body === null || body.length * growth + 100 <= length) return false;
  return richHtml(body, format).length > length;
}
