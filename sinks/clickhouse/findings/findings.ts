/** A canonical record's fields, whichever entity. */
export type Values = Readonly<Record<string, unknown>>;

/** What the ledger keeps of a record to find the realities a source's data has. */
export interface Findings {
  /** What is odd about it by itself. */
  readonly kinds: readonly string[];
  /** What its neighbours are compared with. */
  readonly facts: Readonly<Record<string, string>>;
  /** Custom properties, shortened: what definitions are compared with. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Findings of these kinds (those that hold) and facts (those that are there). */
export function found(
  kinds: readonly (string | false)[] = [],
  facts: Values = {},
  properties: Readonly<Record<string, string>> = {},
): Findings {
  const said = Object.entries(facts).filter(([, value]) => typeof value === "string");
  return {
    kinds: [...new Set(kinds.filter((kind) => kind !== false))],
    facts: Object.fromEntries(said) as Record<string, string>,
    properties,
  };
}
