import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { candidatesOf } from "./candidates.ts";
import { type PageMark, readSkipToken } from "./cookie.ts";
import type { QueryOptions } from "./options.ts";
import { predicateOf } from "./predicate.ts";
import type { Predicate } from "./source.ts";
import { type Place, rowOrder, type RowOrder } from "./row-order.ts";
import { rowSource } from "./row-source.ts";

/** One page of a query. */
export interface Page {
  readonly rows: readonly Row[];
  /** Where the next page begins, if there is one. */
  readonly next: PageMark | undefined;
  /** Where changes are tracked: the row version when the first page was read. */
  readonly since: number | undefined;
}

/** The most `$count` tells. */
export const countLimit = 5_000;

/** Reads the page a query asks for; `within` gives the rows of a collection instead of a whole table. */
export function pageOf(
  env: Environment,
  table: TableDef,
  options: QueryOptions,
  bounds: { readonly size: number; readonly within?: () => Iterable<Row> },
): Page {
  const fits = filterOf(env, table, options);
  const mark = options.skipToken === undefined ? undefined : readSkipToken(options.skipToken);
  const order = rowOrder(rowSource(env, table), options.orderBy);
  const after = (id: string): Iterable<Row> =>
    bounds.within === undefined
      ? candidatesOf(env, table, options.filter).after(id)
      : laterThan(bounds.within(), id);
  const limit = bounds.size;
  if (options.orderBy.length === 0) {
    const rows = firstOf(after(mark?.last.id ?? ""), fits, limit + 1);
    return paged(rows, limit, order, mark);
  }
  const places = placesOf(after(""), fits, order, mark);
  const read = env.rows(table.logicalName);
  const rows = places.slice(0, limit + 1).map(({ id }) => read.get(id));
  return paged(
    rows.filter((row) => row !== undefined),
    limit,
    order,
    mark,
  );
}

function* laterThan(rows: Iterable<Row>, id: string): Iterable<Row> {
  for (const row of rows) if (row.id > id) yield row;
}

/** The test of a query's filter. */
export function filterOf(
  env: Environment,
  table: TableDef,
  options: Pick<QueryOptions, "filter">,
): Predicate<Row> {
  return options.filter === undefined
    ? () => true
    : predicateOf(options.filter, rowSource(env, table));
}

function firstOf(rows: Iterable<Row>, fits: Predicate<Row>, limit: number): Row[] {
  const found: Row[] = [];
  for (const row of rows) {
    if (!fits(row)) continue;
    found.push(row);
    if (found.length >= limit) break;
  }
  return found;
}

/** Only the places are held, not the rows: an order looks at every row. */
function placesOf(
  rows: Iterable<Row>,
  fits: Predicate<Row>,
  order: RowOrder,
  mark: PageMark | undefined,
): Place[] {
  const places: Place[] = [];
  for (const row of rows) {
    if (!fits(row)) continue;
    const place = order.placeOf(row);
    if (mark === undefined || order.compare(place, mark.last) > 0) places.push(place);
  }
  return places.sort((a, b) => order.compare(a, b));
}

function paged(
  rows: readonly Row[],
  size: number,
  order: RowOrder,
  mark: PageMark | undefined,
): Page {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > size && last !== undefined;
  const page = (mark?.page ?? 1) + 1;
  const next = more ? { page, last: order.placeOf(last) } : undefined;
  return { rows: shown, next, since: mark?.since };
}

/** How many rows fit, at most `limit`. */
export function countOf(
  env: Environment,
  table: TableDef,
  options: QueryOptions,
  limit = countLimit,
): number {
  if (options.filter === undefined) return Math.min(env.rows(table.logicalName).count(), limit);
  const fits = filterOf(env, table, options);
  let count = 0;
  for (const row of candidatesOf(env, table, options.filter).after("")) {
    if (fits(row)) count += 1;
    if (count >= limit) break;
  }
  return count;
}
