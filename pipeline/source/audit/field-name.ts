import { createHash } from "node:crypto";
import type { PropertyFields } from "../../mapping/destinations/property-fields.ts";

/** A free name for a property's field: legal, short enough, the same for the same key, whatever else there is. */
export function fieldName(key: string, fields: PropertyFields, taken: ReadonlySet<string>): string {
  const { prefix, suffix, stemLength, joint, reserved, filler } = fields;
  const named = (name: string): string => `${prefix}${name}${suffix}`;
  const stem = stemOf(key, fields);
  const plain = reserved.has(stem.toLowerCase()) ? `${stem}${joint}${filler}` : stem;
  const cut = cutTo(plain, stemLength);
  if (cut === plain && !taken.has(named(cut).toLowerCase())) return named(cut);
  // Two keys with one name, or a name cut off: the key's own hash tells them apart.
  const mark = createHash("sha256").update(key).digest("hex").slice(0, 6);
  return named(`${cutTo(plain, stemLength - mark.length - 1)}_${mark}`);
}

function cutTo(name: string, length: number): string {
  return name.slice(0, length).replace(/_+$/, "");
}

function stemOf(key: string, { joint, word, filler }: PropertyFields): string {
  const plain = key.normalize("NFKD").replace(/\p{M}+/gu, "");
  const words = plain.split(/[^A-Za-z0-9]+/).filter((each) => each !== "");
  const stem = words.map(word).join(joint);
  if (stem === "") return filler;
  return /^[A-Za-z]/.test(stem) ? stem : `${filler}${joint}${stem}`;
}
