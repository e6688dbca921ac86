import { folded } from "../rows/fold.ts";
import type { Row } from "../rows/row.ts";
import type { Order } from "./options.ts";
import type { Source } from "./source.ts";
import type { Scalar } from "./tokens.ts";

/** What a row is ordered by: its values in the order's steps, and its id where they are equal. */
export interface Place {
  readonly keys: readonly Scalar[];
  readonly id: string;
}

/** An order of rows that is the same on every page. */
export interface RowOrder {
  placeOf(row: Row): Place;
  compare(a: Place, b: Place): number;
  sorted(rows: readonly Row[]): Row[];
}

/** The order of `$orderby`; empty values come first, as in the service's database. */
export function rowOrder(source: Source<Row>, orderBy: readonly Order[]): RowOrder {
  const steps = orderBy.map(({ path, descending }) => ({
    reading: source.property(path),
    descending,
  }));
  const compare = (a: Place, b: Place): number => {
    for (const [at, { descending }] of steps.entries()) {
      const difference = compareScalars(a.keys[at] ?? null, b.keys[at] ?? null);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
  const placeOf = (row: Row): Place => ({
    keys: steps.map(({ reading }) => {
      const value = reading.read(row);
      return typeof value === "string" ? folded(value) : value;
    }),
    id: row.id,
  });
  return {
    placeOf,
    compare,
    sorted: (rows) =>
      rows
        .map((row) => ({ row, place: placeOf(row) }))
        .sort((a, b) => compare(a.place, b.place))
        .map(({ row }) => row),
  };
}

function compareScalars(a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
