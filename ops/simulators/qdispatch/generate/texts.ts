import type { Draw } from "./draw.ts";
import { type Planted, variant } from "./realities.ts";
import { sentences } from "./words.ts";

/** Text of two sentences. */
export function plainText(of: Draw): string {
  return `${of.pick("line1", sentences)} ${of.pick("line2", sentences)}`;
}

/** The description of a job, with the reality planted in it. */
export function descriptionOf(of: Draw, planted: Planted<string> | undefined): string | null {
  const text = plainText(of);
  if (planted?.kind === "text_odd") return oddText(planted, text);
  if (planted?.kind === "text_long")
    return planted.nth % 2 === 0 ? text : longText(planted.nth % 10 === 1 ? 131_073 : 32_001, text);
  if (planted?.kind === "html_hostile") return hostileHtml(planted, text);
  if (of.chance("html", 0.1)) return `<p>${text}</p><ul><li>ring <b>twice</b></li></ul>`;
  return of.chance("none", 0.05) ? null : text;
}

/** A text of at least so many characters. */
export function longText(least: number, text: string): string {
  return `${text} `.repeat(1 + least / text.length);
}

/** HTML nobody should run: scripts, handlers, script and data addresses, inline images, unclosed tags. */
export function hostileHtml(planted: Planted<string>, text: string): string {
  const frame = variant(planted, [
    (inner: string) => `<p>${inner}</p><script>alert(1)</script>`,
    (inner: string) => `<p>${inner}<img src=x onerror=alert(1)><b>never closed`,
    (inner: string) => `<div>${inner} <a href="javascript:alert(1)">open</a></div>`,
    (inner: string) => `<p>${inner} <a href="data:text/html;base64,PHA+aGk8L3A+">page</a></p>`,
    (inner: string) => `<p>${inner}</p><img src="data:image/png;base64,${dot}">`,
  ]);
  return frame(text);
}

const dot =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Two megabytes of HTML. */
export function hugeHtml(text: string): string {
  const paragraph = `<p>${text}</p>\n`;
  return paragraph.repeat(Math.ceil(2_097_152 / paragraph.length));
}

/** Text that is hard to carry: half a character, NUL, a replacement character, two directions, joined emoji, mixed line ends. */
export function oddText(planted: Planted<string>, text: string): string {
  return variant(planted, [
    `Cut off here \ud83d and on`,
    `Exported by an old\u0000machine`,
    `Caf\ufffd ${text}`,
    `שלום \u202e${text}\u202c مرحبا`,
    `${text} 👩‍🔧👨‍👩‍👧‍👦 e\u0301`,
    `${text}\r\n${text}\n\r${text}\r`,
    `Caf\ufffd au lait ${text}`,
    `${text} 👩‍🔧`,
    `مرحبا ${text}`,
    `${text}\nline\r\nline\rline`,
  ]);
}
