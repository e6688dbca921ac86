import type { Row } from "../truth/row.ts";

/** A generated record and the realities it shows. */
export interface Made {
  readonly row: Row;
  readonly plants: readonly string[];
}
