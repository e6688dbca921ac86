/** One thing of a destination's schema that is not as a plan needs it; problems are a bounded set of each kind of destination, because reports group by them. */
export interface SchemaFinding<Problem extends string = string> {
  readonly problem: Problem;
  readonly object: string;
  readonly field: string | null;
  readonly expected: string;
  readonly found: string;
  /** Who does what. */
  readonly remedy: string;
  /** Whether `cutover schema check --create` mends it. */
  readonly creatable: boolean;
  /** To be known, but nothing has to be mended before the load. */
  readonly warns?: true;
}

/** What was made of a schema, and what the destination refused to make. */
export interface SchemaCreated {
  readonly created: readonly string[];
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}
