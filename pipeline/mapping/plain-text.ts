import { htmlToText, looksLikeHtml } from "./html-text.ts";
import { markdownToText } from "./markdown-text.ts";

/**
 * A text as plain text, by the format its source names: html and markdown lose their markup, text
 * stays as it is, and a text of unknown format is read as HTML where it holds tags or entities.
 */
export function plainText(body: string, format: string | null): string {
  switch (format?.trim().toLowerCase()) {
    case "text":
    case "plain":
      return body;
    case "html":
      return htmlToText(body);
    case "markdown":
      return markdownToText(body);
    default:
      return looksLikeHtml(body) ? htmlToText(body) : body;
  }
}

/** Whether a text has more bytes than so many, as plain text. */
export function textBytesOver(body: string | null, format: string | null, bytes: number): boolean {
  // Three bytes are the most a UTF-16 unit becomes, and no conversion makes a text longer.
  if (body === null || body.length * 3 <= bytes) return false;
  return Buffer.byteLength(plainText(body, format).trim()) > bytes;
}
