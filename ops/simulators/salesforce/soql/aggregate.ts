import { ApiError } from "../rest/api-error.ts";
import { type Field, fieldOf, type Value } from "../schema/field.ts";
import type { Row } from "../store/object-rows.ts";
import { bind, type Source } from "./bind.ts";
import { columnOf, type Column } from "./column.ts";
import { compareKeys, sortKey } from "./order.ts";
import type { Prepared } from "./prepare.ts";
import { jsonValue } from "./render.ts";
import type { Aggregate, Operand, SelectItem } from "./syntax.ts";

interface Group {
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

/** Whether a statement answers with groups instead of rows. */
export function isAggregate(prepared: Prepared): boolean {
  const { select, groupBy } = prepared.query;
  return groupBy.length > 0 || select.some((item) => item.kind === "aggregate");
}

/** Whether a statement is a bare `SELECT COUNT()`. */
export function isCountOnly(prepared: Prepared): boolean {
  const [item] = prepared.query.select;
  return item?.kind === "aggregate" && item.of.path === undefined;
}

/** The records of a statement with aggregates. */
export function aggregateRecords(prepared: Prepared): Record<string, unknown>[] {
  const { query, scope } = prepared;
  const keyColumns = query.groupBy.map((path) => columnOf(scope, path));
  const wanted = aggregatesOf(prepared);
  const groups = collect(prepared, keyColumns, wanted);
  const source = (operand: Operand): Source<Group> => groupSource(prepared, keyColumns, operand);
  const now = scope.org.clock.now();
  const having = query.having && bind({ now, source, inner: () => [] }, query.having);
  const kept = groups.filter((group) => having === undefined || having.test(group));
  const orders = query.orderBy.map(({ of }) => source(of));
  kept.sort((a, b) => {
    const keys = (group: Group): Value[] => orders.map((order) => sortKey(order.read(group)));
    return compareKeys(query.orderBy, keys(a), keys(b));
  });
  const end = query.offset + (query.limit ?? 2_000);
  const items = query.select.map((item, at) => renderItem(prepared, keyColumns, item, at));
  return kept.slice(query.offset, end).map((group) => ({
    attributes: { type: "AggregateResult" },
    ...Object.fromEntries(items.map((item) => item(group))),
  }));
}

function aggregatesOf({ query, scope }: Prepared): Map<string, Column> {
  const wanted = new Map<string, Column>();
  const add = (aggregate: Aggregate): void => {
    if (aggregate.path === undefined) return;
    const column = columnOf(scope, aggregate.path);
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

function collect(
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
    count(group, row, wanted, read);
  }
  return [...groups.values()];
}

function count(
  group: Group,
  _row: Row,
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

function resultOf(prepared: Prepared, group: Group, aggregate: Aggregate): Value {
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
    case "MAX":
      return column === undefined ? null : jsonValue(column.field, tally.most);
  }
}

const numberField: Field = fieldOf({ name: "expr", type: "double", scale: 17 });

function groupSource(
  prepared: Prepared,
  keyColumns: readonly Column[],
  operand: Operand,
): Source<Group> {
  if ("aggregate" in operand) {
    const { aggregate } = operand;
    return {
      field: numberField,
      direct: false,
      read: (group) => resultOf(prepared, group, aggregate),
    };
  }
  const column = columnOf(prepared.scope, operand.path);
  const at = groupedAt(keyColumns, column);
  return { field: column.field, direct: false, read: (group) => group.keys[at] ?? null };
}

function groupedAt(keyColumns: readonly Column[], column: Column): number {
  const at = keyColumns.findIndex((key) => key.name === column.name);
  if (at >= 0) return at;
  const message = `Field must be grouped or aggregated: ${column.name}`;
  throw new ApiError(400, "MALFORMED_QUERY", message);
}

function renderItem(
  prepared: Prepared,
  keyColumns: readonly Column[],
  item: SelectItem,
  at: number,
): (group: Group) => [string, Value] {
  if (item.kind === "aggregate") {
    const before = prepared.query.select.slice(0, at);
    const unnamed = before.filter((one) => one.kind === "aggregate" && one.alias === undefined);
    const name = item.alias ?? `expr${unnamed.length}`;
    return (group) => [name, resultOf(prepared, group, item.of)];
  }
  if (item.kind !== "field") {
    throw new ApiError(400, "MALFORMED_QUERY", "Only fields and aggregates can be grouped");
  }
  const column = columnOf(prepared.scope, item.path);
  const key = groupedAt(keyColumns, column);
  return (group) => [
    item.alias ?? column.field.name,
    jsonValue(column.field, group.keys[key] ?? null),
  ];
}
