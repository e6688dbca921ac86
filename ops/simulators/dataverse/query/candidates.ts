import type { Environment } from "../environment.ts";
import { asGuid } from "../identifier.ts";
import type { ColumnDef, KeyDef, TableDef } from "../model.ts";
import { folded } from "../rows/fold.ts";
import type { Row } from "../rows/row.ts";
import type { Condition, Literal } from "./condition.ts";
import { timeOf } from "./comparison.ts";
import { columnOfProperty } from "./row-source.ts";

/** Rows that may fit a filter, in the order of their ids: all that do are among them. */
export interface Candidates {
  /** Rows whose id is greater. */
  after(id: string): Iterable<Row>;
}

/** Looks for a part of the filter that an index answers. */
export function candidatesOf(
  env: Environment,
  table: TableDef,
  filter: Condition | undefined,
): Candidates {
  const rows = env.rows(table.logicalName);
  const parts = filter === undefined ? [] : filter.kind === "and" ? filter.parts : [filter];
  for (const part of parts) {
    const ids = idsOf(env, table, part);
    if (ids !== undefined) return { after: (id) => rowsOf(env, table, ids, id) };
  }
  for (const part of parts) {
    const referring = lookupOf(table, part);
    if (referring === undefined) continue;
    const { column, targets } = referring;
    return { after: (id) => laterThan(referringAny(rows, column, targets), id) };
  }
  for (const part of parts) {
    const held = textsOf(table, part);
    if (held !== undefined) return { after: (id) => rows.holding(held.column, held.texts, id) };
  }
  const since = parts.map(modifiedFrom).find((one) => one !== undefined);
  return {
    after: (id) =>
      rows.walk({ after: id, ...(since === undefined ? {} : { modifiedFrom: since }) }),
  };
}

function* rowsOf(
  env: Environment,
  table: TableDef,
  ids: readonly string[],
  after: string,
): Iterable<Row> {
  for (const id of ids) {
    const row = id > after ? env.rows(table.logicalName).get(id) : undefined;
    if (row !== undefined) yield row;
  }
}

/** Rows that refer to one of the targets, in the order of their ids. */
function referringAny(
  rows: ReturnType<Environment["rows"]>,
  column: string,
  targets: readonly string[],
): Iterable<Row> {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) return rows.referring(column, first);
  const found = [...new Set(targets)].flatMap((target) => [...rows.referring(column, target)]);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function* laterThan(rows: Iterable<Row>, id: string): Iterable<Row> {
  for (const row of rows) if (row.id > id) yield row;
}

/** The ids of the rows for which a condition on the primary id or an alternate key can be true, sorted; undefined where no index tells. */
function idsOf(env: Environment, table: TableDef, condition: Condition): string[] | undefined {
  const equal = equalitiesOf(condition);
  if (equal === undefined) return undefined;
  const { name, literals } = equal;
  if (name === table.primaryId) {
    return sortedIds(literals.map(({ value }) => asGuid(String(value))));
  }
  const column = columnOfProperty(table, name);
  if (column === undefined || column.targets !== undefined) return undefined;
  const key = table.keys.find(
    (one) => one.status === "Active" && one.columns.length === 1 && one.columns[0] === name,
  );
  if (key === undefined || literals.some(({ value }) => value === null)) return undefined;
  return sortedIds(literals.map((literal) => keyHolder(env, table, key, literal)));
}

function keyHolder(
  env: Environment,
  table: TableDef,
  key: KeyDef,
  { value }: Literal,
): string | undefined {
  return env.keys.find(table, key, { [key.columns[0] ?? ""]: value });
}

function sortedIds(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

/** `a eq 1`, `a eq 1 or a eq 2`, and In(a, [1,2]) say which values of one property can be. */
function equalitiesOf(
  condition: Condition,
): { name: string; literals: readonly Literal[] } | undefined {
  if (condition.kind === "function") {
    const [name, more] = condition.path;
    if (condition.name !== "In" || name === undefined || more !== undefined) return undefined;
    return { name, literals: condition.values };
  }
  if (condition.kind === "or") {
    const each = condition.parts.map(equalitiesOf);
    const name = each[0]?.name;
    if (name === undefined || each.some((one) => one?.name !== name)) return undefined;
    return { name, literals: each.flatMap((one) => one?.literals ?? []) };
  }
  if (condition.kind !== "compare" || condition.op !== "eq") return undefined;
  const { left, right } = condition;
  if (left.kind !== "path" || left.path.length !== 1 || right.kind !== "literal") return undefined;
  return { name: left.path[0] ?? "", literals: [right] };
}

/** Lookups that are not indexed, because every row has them. */
const everywhere: ReadonlySet<string> = new Set([
  "ownerid",
  "createdby",
  "modifiedby",
  "createdonbehalfby",
  "modifiedonbehalfby",
  "transactioncurrencyid",
  "owninguser",
  "owningteam",
]);

function lookupOf(
  table: TableDef,
  condition: Condition,
): { column: string; targets: readonly string[] } | undefined {
  const held = heldBy(table, condition);
  if (held?.column.targets === undefined) return undefined;
  const { logicalName } = held.column;
  if (everywhere.has(logicalName)) return undefined;
  return { column: logicalName, targets: held.values.map((value) => value.toLowerCase()) };
}

/** A column of texts and what they fold to where a condition says which they can be. */
function textsOf(
  table: TableDef,
  condition: Condition,
): { column: string; texts: readonly string[] } | undefined {
  const held = heldBy(table, condition);
  if (held?.column.type !== "string") return undefined;
  return { column: held.column.logicalName, texts: held.values.map(folded) };
}

/** The one column a condition is about, and the texts or ids it can hold; undefined where it can be empty. */
function heldBy(
  table: TableDef,
  condition: Condition,
): { column: ColumnDef; values: readonly string[] } | undefined {
  const equal = equalitiesOf(condition);
  const column = equal === undefined ? undefined : columnOfProperty(table, equal.name);
  const values = (equal?.literals ?? []).map(({ value }) => value);
  if (column === undefined || !values.every((value) => typeof value === "string")) return undefined;
  return { column, values };
}

function modifiedFrom(condition: Condition): string | undefined {
  if (condition.kind !== "compare" || (condition.op !== "ge" && condition.op !== "gt"))
    return undefined;
  const { left, right } = condition;
  if (left.kind !== "path" || left.path.join("/") !== "modifiedon" || right.kind !== "literal")
    return undefined;
  const bound = timeOf(right.value);
  return typeof bound === "string" && bound !== "" ? bound : undefined;
}
