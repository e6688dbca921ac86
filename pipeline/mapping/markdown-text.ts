import { htmlToText, looksLikeHtml } from "./html-text.ts";

/** Longest run a mark may enclose: keeps every pattern linear over whatever it meets. */
const within = "{1,500}?";

const inline: readonly (readonly [RegExp, string])[] = [
  [/!\[([^\]\n]{0,500})\]\([^()\s]{0,2000}\)/g, "$1"],
  [
    /\[([^\]\n]{1,500})\]\((?:javascript|data|vbscript):[^()\n]{0,2000}(?:\([^()\n]{0,2000}\)[^()\n]{0,200})?\)/gi,
    "$1",
  ],
  [/\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)/g, "$1 ($2)"],
  [new RegExp(`\\*\\*(?=\\S)([^*\\n]${within})(?<=\\S)\\*\\*`, "g"), "$1"],
  [new RegExp(`(?<!\\w)__(?=\\S)([^_\\n]${within})(?<=\\S)__(?!\\w)`, "g"), "$1"],
  [new RegExp(`(?<![*\\w])\\*(?=[^\\s*])([^*\\n]${within})(?<=\\S)\\*(?![*\\w])`, "g"), "$1"],
  [new RegExp(`\`([^\`\\n]${within})\``, "g"), "$1"],
  [/^ {0,3}#{1,6} +/gm, ""],
  [/^ {0,3}[*+] +/gm, "- "],
  [/^ {0,3}```[^\n`]{0,40}$/gm, ""],
];

/** Markdown as a reader would type it: marks go, words, lists and addresses of links stay. */
export function markdownToText(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, "\n");
  let text = looksLikeHtml(lines) ? htmlToText(lines) : lines;
  for (const [pattern, replacement] of inline) text = text.replace(pattern, replacement);
  return text.replace(/\n{3,}/g, "\n\n").trim();
}
