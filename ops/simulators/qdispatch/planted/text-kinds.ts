/** HTML that must not run, or that is two megabytes long. */
export function isHostileHtml(text: unknown): boolean {
  if (typeof text !== "string") return false;
  if (text.length >= 2_000_000) return true;
  return /<script|onerror=|javascript:|data:(?:text|image)\//i.test(text);
}

const odd =
  // oxlint-disable-next-line no-control-regex -- NUL is one of the realities
  /\0|\ufffd|\u200d|[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]/;

/** A text that is hard to carry: lone surrogate, NUL, U+FFFD, right to left, joined emoji, mixed line ends. */
export function isOddText(text: unknown): boolean {
  if (typeof text !== "string") return false;
  return !text.isWellFormed() || odd.test(text) || hasMixedLineEnds(text);
}

/** CR LF and, besides, a CR or an LF alone. */
function hasMixedLineEnds(text: string): boolean {
  return text.includes("\r\n") && /\r(?!\n)|(?<!\r)\n/.test(text);
}

/** More characters than a field of the usual size takes. */
export function isLonger(text: unknown, characters: number): boolean {
  return typeof text === "string" && text.length > characters;
}

/** More bytes than one comment takes. */
export function isOverBytes(text: unknown, bytes: number): boolean {
  return typeof text === "string" && Buffer.byteLength(text) > bytes;
}
