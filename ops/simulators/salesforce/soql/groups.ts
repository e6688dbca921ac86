import { numberTypes, type Value } from "../schema/field.ts";
import { columnOf, type Column } from "./column.ts";
import { sortKey } from "./order.ts";
import type { Prepared } from "./prepare.ts";
import { jsonValue } from "./record-tree.ts";
import { malformed } from "./soql-error.ts";
import type { Aggregate } from "./syntax.ts";

/** Rows with the same grouped values. */
export interface Group {
  readonly keys: readonly Value[];
  readonly tallies: Map<string, Tally>;
}

interface Tally {
  rows: number;
  sum: number;
  least: Value;
  most: Value;
  readonly distinct: Set<Value>;
}

/** The columns a statement aggregates over. */
export function aggregatesOf({ query, scope }: Prepared): Map<string, Column> {
  const wanted = new Map<string, Column>();
  const add = (aggregate: Aggregate): void => {
    if (aggregate.path === undefined) return;
    const column = columnOf(scope, aggregate.path);
    checkAggregate(aggregate, column, scope.text);
    wanted.set(column.name, column);
  };
  const visit = (condition: typeof query.having): void => {
    if (condition === undefined) return;
    if ("all" in condition) condition.all.forEach(visit);
    else if ("of" in condition) visit(condition.of);
    else if ("aggregate" in condition.left) add(condition.left.aggregate);
  };
  for (const item of query.select) if (item.kind === "aggregate") add(item.of);
  for (const { of } of query.orderBy) if ("aggregate" in of) add(of.aggregate);
  visit(query.having);
  return wanted;
}

/** Sums are of numbers; long text has no order. */
function checkAggregate({ fn, path }: Aggregate, { field }: Column, text: string): void {
  const numeric = numberTypes.has(field.type);
  const fits =
    fn === "SUM" || fn === "AVG" ? numeric : field.filterable && field.type !== "boolean";
  if (fits || fn === "COUNT") return;
  const message = `field ${field.name} does not support aggregate operator ${fn}`;
  throw malformed(message, text, path?.at ?? 0);
}

/** Sorts the rows that fit into groups and tallies each. */
export function collect(
  prepared: Prepared,
  keyColumns: readonly Column[],
  wanted: ReadonlyMap<string, Column>,
): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (keys: readonly Value[]): Group => {
    const name = JSON.stringify(keys);
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made: Group = { keys, tallies: new Map([["", emptyTally()]]) };
    for (const column of wanted.keys()) made.tallies.set(column, emptyTally());
    groups.set(name, made);
    return made;
  };
  if (keyColumns.length === 0) groupOf([]);
  for (const row of prepared.fitting()) {
    const read = (column: Column): Value => column.read(row.values, prepared.parents);
    const group = groupOf(keyColumns.map(read));
    count(group, wanted, read);
  }
  return [...groups.values()];
}

function count(
  group: Group,
  wanted: ReadonlyMap<string, Column>,
  read: (column: Column) => Value,
): void {
  const all = group.tallies.get("");
  if (all !== undefined) all.rows += 1;
  for (const [name, column] of wanted) {
    const value = read(column);
    const tally = group.tallies.get(name);
    if (value === null || tally === undefined) continue;
    tally.rows += 1;
    if (typeof value === "number") tally.sum += value;
    tally.distinct.add(sortKey(value));
    if (tally.least === null || value < tally.least) tally.least = value;
    if (tally.most === null || value > tally.most) tally.most = value;
  }
}

function emptyTally(): Tally {
  return { rows: 0, sum: 0, least: null, most: null, distinct: new Set() };
}

/** What an aggregate says of a group. */
export function resultOf(prepared: Prepared, group: Group, aggregate: Aggregate): Value {
  const column = aggregate.path && columnOf(prepared.scope, aggregate.path);
  const tally = group.tallies.get(column?.name ?? "") ?? emptyTally();
  switch (aggregate.fn) {
    case "COUNT":
      return tally.rows;
    case "COUNT_DISTINCT":
      return tally.distinct.size;
    case "SUM":
      // Floating sums of money grow a tail of digits that no decimal column has.
      return tally.rows === 0 ? null : Number(tally.sum.toFixed(column?.field.scale ?? 0));
    case "AVG":
      return tally.rows === 0 ? null : tally.sum / tally.rows;
    case "MIN":
      return column === undefined ? null : jsonValue(column.field, tally.least);
    default:
      return column === undefined ? null : jsonValue(column.field, tally.most);
  }
}
