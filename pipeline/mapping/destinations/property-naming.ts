/** How a destination names the fields of custom properties. */
export interface PropertyNaming {
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
}
