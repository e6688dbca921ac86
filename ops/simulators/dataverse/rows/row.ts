/** What a lookup column holds. */
export interface LookupValue {
  readonly table: string;
  readonly id: string;
}

/** One value as it is kept: times as `2026-01-02T03:04:05Z`, dates as `2026-01-02`, choices as numbers, several choices as `"1,2"`. */
export type Value = string | number | boolean | null | LookupValue;

/** Values by logical column name; a column that is empty may be missing. */
export type Values = Record<string, Value>;

/** One row; `values` holds neither its id nor its version. */
export interface Row {
  readonly table: string;
  readonly id: string;
  /** The number of the ETag; it grows with every write to any row. */
  readonly version: number;
  readonly values: Values;
}

/** Whether a value is that of a lookup. */
export function isLookup(value: Value | undefined): value is LookupValue {
  return typeof value === "object" && value !== null;
}
