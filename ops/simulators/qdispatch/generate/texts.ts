import type { Draw } from "./draw.ts";
import { sentences } from "./words.ts";

/** The description of a job, with the realities of free text at their rates. */
export function descriptionOf(of: Draw, plants: string[]): string | null {
  const text = `${of.pick("line1", sentences)} ${of.pick("line2", sentences)}`;
  if (of.oneIn("surrogate", 2_000)) {
    plants.push("text_lone_surrogate");
    return `Cut off here \ud83d and on`;
  }
  if (of.oneIn("nul", 1_900)) {
    plants.push("text_nul");
    return `Exported by an old\u0000machine`;
  }
  const odd = of.oneIn("odd", 110) ? of.pick("oddKind", oddTexts) : undefined;
  if (odd !== undefined) {
    plants.push(odd.kind);
    return odd.text(text);
  }
  if (of.oneIn("script", 330)) {
    plants.push("html_active_content");
    return `<p>${text}</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:void 0">open`;
  }
  if (of.chance("html", 0.1)) return `<p>${text}</p><ul><li>ring <b>twice</b></li></ul>`;
  return of.chance("none", 0.05) ? null : text;
}

const long = (least: number, text: string): string => `${text} `.repeat(1 + least / text.length);

const oddTexts = [
  { kind: "text_over_4000", text: (text: string) => long(4_000, text) },
  { kind: "text_over_32000", text: (text: string) => long(32_000, text) },
  { kind: "text_over_131072", text: (text: string) => long(131_072, text) },
  { kind: "text_replacement_character", text: (text: string) => `Caf\ufffd ${text}` },
  { kind: "text_right_to_left", text: (text: string) => `שלום \u202e${text}\u202c مرحبا` },
  { kind: "text_emoji_joined", text: (text: string) => `${text} 👩‍🔧👨‍👩‍👧‍👦 e\u0301` },
  { kind: "text_mixed_line_ends", text: (text: string) => `${text}\r\n${text}\n\r${text}\r` },
] as const;
