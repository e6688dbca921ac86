import { decodedEntities } from "./html-text.ts";

const marks: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Plain text as HTML shows it letter by letter. */
export function escapedText(text: string): string {
  return text.replace(/[&<>]/g, (mark) => marks[mark] ?? mark);
}

/** A value between double quotes. */
export function escapedValue(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => marks[mark] ?? mark);
}

/**
 * A text of a source's HTML as it is written out again: the entities we know are their characters,
 * others stay, and what could begin a tag does not.
 */
export function writtenText(raw: string): string {
  return decodedEntities(raw).replace(
    /&(?![a-z][a-z0-9]{1,31};)|[<>]/gi,
    (mark) => marks[mark] ?? mark,
  );
}
