// biome-ignore lint: control characters are part of ASCII
const ascii = /^[ -~]*$/;

/** A text as the database's collation (CI_AI, trailing blanks ignored) sees it: texts that fold alike are equal. */
export function folded(text: string): string {
  if (ascii.test(text)) return text.trimEnd().toLowerCase();
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").trimEnd();
}

/** Compares two texts by the database's collation. */
export function compareFolded(a: string, b: string): number {
  const left = folded(a);
  const right = folded(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
