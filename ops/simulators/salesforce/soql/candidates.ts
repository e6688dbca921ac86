import { datetimeOf } from "../dml/convert.ts";
import type { Values } from "../schema/field.ts";
import { parseId } from "../store/ids.ts";
import type { ObjectRows, Row } from "../store/object-rows.ts";
import type { Bound, Leaf } from "./bind.ts";
import type { ParentReader } from "./column.ts";

/** What a condition on rows is tested with. */
export interface Subject {
  readonly values: Values;
  readonly parents: ParentReader;
}

/** The rows that may fit a condition, by the best index there is: id, key, SystemModstamp, else all. Ordered by id. */
export function candidates(
  rows: ObjectRows,
  bound: Bound<Subject> | undefined,
  withDeleted: boolean,
): Iterable<Row> {
  const leaves = (bound?.leaves ?? []).filter((leaf) => leaf.source.direct);
  const byKey = leaves
    .map((leaf) => countersOf(rows, leaf, withDeleted))
    .filter((counters) => counters !== undefined)
    .sort((a, b) => a.length - b.length)[0];
  if (byKey !== undefined) return pick(rows, byKey, withDeleted);
  return rows.walk({ withDeleted, ...stampBounds(leaves), ...idBound(leaves) });
}

function* pick(rows: ObjectRows, counters: readonly number[], withDeleted: boolean): Iterable<Row> {
  for (const n of counters) {
    const row = rows.get(n);
    if (row !== undefined && (withDeleted || !row.deleted)) yield row;
  }
}

function countersOf(
  rows: ObjectRows,
  leaf: Leaf<Subject>,
  withDeleted: boolean,
): number[] | undefined {
  if (leaf.keys === undefined) return undefined;
  const { name } = leaf.source.field;
  const counters = new Set<number>();
  if (name === "Id") {
    for (const key of leaf.keys) {
      const parsed = parseId(String(key));
      if (parsed !== undefined && parsed.prefix === rows.object.keyPrefix) counters.add(parsed.n);
    }
  } else {
    const index = rows.indexes.get(name);
    if (index === undefined) return undefined;
    for (const key of leaf.keys) for (const n of index.find(key, withDeleted)) counters.add(n);
  }
  return [...counters].sort((a, b) => a - b);
}

function stampBounds(leaves: readonly Leaf<Subject>[]): { from?: number; to?: number } {
  let from = 0;
  let to = Number.MAX_SAFE_INTEGER;
  for (const { source, op, literal } of leaves) {
    if (source.field.name !== "SystemModstamp" || literal?.kind !== "datetime") continue;
    const at = Date.parse(datetimeOf(literal.text) ?? "");
    if (op === ">=" || op === ">" || op === "=") from = Math.max(from, at);
    if (op === "<=" || op === "<" || op === "=") to = Math.min(to, at);
  }
  return {
    ...(from > 0 ? { from } : {}),
    ...(to < Number.MAX_SAFE_INTEGER ? { to } : {}),
  };
}

/** `Id > 'x'`, as clients page through an object without a cursor. */
function idBound(leaves: readonly Leaf<Subject>[]): { after?: number } {
  for (const { source, op, literal } of leaves) {
    if (source.field.name !== "Id" || op !== ">" || literal?.kind !== "string") continue;
    const parsed = parseId(literal.text);
    if (parsed !== undefined) return { after: parsed.n };
  }
  return {};
}
