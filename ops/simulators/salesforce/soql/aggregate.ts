import { ApiError } from "../rest/api-error.ts";
import { type Field, fieldOf, type Value } from "../schema/field.ts";
import { bind, type Source } from "./bind.ts";
import { columnOf, type Column } from "./column.ts";
import { aggregatesOf, collect, type Group, resultOf } from "./groups.ts";
import { compareKeys, sortKey } from "./order.ts";
import type { Prepared } from "./prepare.ts";
import { jsonValue } from "./record-tree.ts";
import type { Operand, SelectItem } from "./syntax.ts";

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

/** Whether an item of the SELECT list is called exprN. */
function isUnnamed(item: SelectItem): boolean {
  if (item.kind === "aggregate") return item.alias === undefined;
  return item.kind === "field" && item.path.fn !== undefined && item.alias === undefined;
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
  const unnamed = `expr${prepared.query.select.slice(0, at).filter(isUnnamed).length}`;
  if (item.kind === "aggregate") {
    const name = item.alias ?? unnamed;
    return (group) => [name, resultOf(prepared, group, item.of)];
  }
  if (item.kind !== "field") {
    throw new ApiError(400, "MALFORMED_QUERY", "Only fields and aggregates can be grouped");
  }
  const column = columnOf(prepared.scope, item.path);
  const key = groupedAt(keyColumns, column);
  const name = item.alias ?? (item.path.fn === undefined ? column.field.name : unnamed);
  return (group) => [name, jsonValue(column.field, group.keys[key] ?? null)];
}
