/** How a destination names the fields of custom properties, and what they can hold. */
export interface PropertyFields {
  readonly prefix: string;
  readonly suffix: string;
  /** Characters between prefix and suffix. */
  readonly stemLength: number;
  /** Stands between the words of a key. */
  readonly joint: string;
  /** A word of a key as a part of the stem. */
  readonly word: (text: string) => string;
  /** Stems, in lower case, that the destination keeps for itself. */
  readonly reserved: ReadonlySet<string>;
  /** Stands in a stem that is reserved, empty or begins with a digit. */
  readonly filler: string;
  /** Characters of a label. */
  readonly labelLength: number;
  /** Characters an address is given; undefined where the type has a length of its own. */
  readonly urlLength: number | undefined;
  /** Digits of a number before and behind the point; never more than 18 together. */
  readonly digits: { readonly whole: number; readonly places: number };
}
