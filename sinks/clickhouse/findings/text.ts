const hostile = /<script|onerror\s*=|javascript:|data:(?:text|image)\//i;
const hugeCharacters = 2_000_000;

/** HTML that must not run anywhere, or is two megabytes long. */
export function isHostile(text: unknown): boolean {
  return typeof text === "string" && (text.length >= hugeCharacters || hostile.test(text));
}

const hard = /\ufffd|\u200d|[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]/;
const alone = /\r(?!\n)|(?<!\r)\n/;

/**
 * Text that is easily damaged on its way: replacement characters, right to left, joined emoji, line
 * ends of two kinds. Lone surrogates and NUL are rejected when they are read: letters tell of them.
 */
export function isHard(text: unknown): boolean {
  if (typeof text !== "string") return false;
  return hard.test(text) || (text.includes("\r\n") && alone.test(text));
}

/** Whether a text has more characters. */
export function exceeds(text: unknown, characters: number): boolean {
  return typeof text === "string" && text.length > characters;
}
