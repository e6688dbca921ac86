import { Fault, type ReadField } from "./rules/rule.ts";

/**
 * A text reader whose values fit: blank texts are empty fields, because that is what a destination
 * makes of them. A text too long is cut where its whole goes elsewhere, else it is a fault.
 */
export function fitText(read: ReadField, length: number, cuts: boolean): ReadField {
  return (record) => {
    const value = read(record);
    if (typeof value !== "string") return value;
    if (value.length === 0 || (value.charCodeAt(0) <= 32 && value.trim() === "")) return null;
    if (value.length <= length) return value;
    return cuts ? beginning(value, length) : tooLong(value.length, length);
  };
}

/** The whole text where it is too long for its first field, else nothing. */
export function restOf(read: ReadField, length: number, fullLength: number): ReadField {
  return (record) => {
    const value = read(record);
    if (typeof value !== "string" || value.length <= length) return null;
    return value.length <= fullLength ? value : tooLong(value.length, fullLength);
  };
}

/** The first characters; a pair of surrogates is not torn. */
function beginning(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** From this length on a field has no wider one beside it that would take the whole. */
function tooLong(found: number, length: number): Fault {
  const remedy =
    length >= 32_000
      ? "shorten it at the source, or keep it as a file"
      : "shorten it at the source, widen the field, or name an overflow field";
  return new Fault(
    "TEXT_TOO_LONG",
    `has ${found} characters, and the destination takes at most ${length}: ${remedy}.`,
  );
}
