import { htmlToText, looksLikeHtml } from "./html-text.ts";
import { markdownToText } from "./markdown-text.ts";

/**
 * A text as plain text, by the format its source names: html and markdown lose their markup, text
 * stays as it is, and a text of unknown format is read as HTML where it holds tags or entities.
 */
export function plainText(body: string, format: string | null): string {
  const lines = body.includes("\r") ? body.replace(/\r\n?/g, "\n") : body;
  switch (format?.trim().toLowerCase()) {
    case "text":
    case "plain":
      return lines;
    case "html":
      return htmlToText(lines);
    case "markdown":
      return markdownToText(lines);
    default:
      return looksLikeHtml(lines) ? htmlToText(lines) : lines;
  }
}

/** Whether a text has more bytes than so many, as plain text. */
export function textBytesOver(body: string | null, format: string | null, bytes: number): boolean {
  // Three bytes are the most a UTF-16 unit becomes, and no conversion makes a text longer.
  if (body === null || body.length * 3 <= bytes) return false;
  return Buffer.byteLength(plainText(body, format).trim()) > bytes;
}
