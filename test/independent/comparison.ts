/** The two sides, compared. */
export interface Comparison {
  /** One line for each thing that is not as it should be; empty when all is well. */
  readonly differences: readonly string[];
  /** Rows found per object. */
  readonly rows: Readonly<Record<string, number>>;
  /** Living source records without a row: source key → why, derived from the truth alone. */
  readonly absent: ReadonlyMap<string, string>;
}
