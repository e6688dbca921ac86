import { inArchive } from "../dml/archive.ts";
import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Value } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { bind, type Source } from "./bind.ts";
import { candidates, type Subject } from "./candidates.ts";
import { columnOf, type ParentReader, parentReader, type Scope } from "./column.ts";
import { compareKeys, sortKey } from "./order.ts";
import { checkRestrictions } from "./restrictions.ts";
import { noSuchObject } from "./soql-error.ts";
import type { Operand, Query } from "./syntax.ts";

/** A statement bound to the org's schema: what it reads and which rows fit. */
export interface Prepared {
  readonly query: Query;
  readonly object: SObject;
  readonly scope: Scope;
  readonly parents: ParentReader;
  /** Rows that fit, in no wanted order and without limit. */
  fitting(among?: Iterable<Row>): Iterable<Row>;
  /** Counters of the rows of the answer: sorted, offset and limit applied. */
  answer(among?: Iterable<Row>): number[];
}

/** Binds a statement; `object` is given for the statement of a child list. */
export function prepare(
  org: Org,
  query: Query,
  options: { withDeleted?: boolean; object?: SObject } = {},
): Prepared {
  const object = options.object ?? org.schema.find(query.from);
  if (object === undefined) throw noSuchObject(query.from, query.text, query.fromAt);
  const withDeleted = options.withDeleted === true || query.allRows;
  const scope: Scope = { org, object, alias: query.alias, text: query.text };
  const parents = parentReader(org);
  const bound = query.where && bind(rowBinder(scope, withDeleted), query.where);
  // A child list has its parent for a filter.
  if (options.object === undefined) checkRestrictions(object, bound);
  const sources =
    query.groupBy.length > 0 ? [] : query.orderBy.map(({ of }) => sortable(scope, of));
  function* fitting(among?: Iterable<Row>): Iterable<Row> {
    for (const row of among ?? candidates(org.rows(object?.name ?? ""), bound, withDeleted)) {
      if (!withDeleted && (row.deleted || inArchive(object, row.values))) continue;
      if (bound === undefined || bound.test({ values: row.values, parents })) yield row;
    }
  }
  const answer = (among?: Iterable<Row>): number[] => {
    const end = query.limit === undefined ? Number.MAX_SAFE_INTEGER : query.offset + query.limit;
    const counters = sources.length === 0 ? first(fitting(among), end) : sorted(fitting(among));
    return counters.slice(query.offset, end);
  };
  const sorted = (rows: Iterable<Row>): number[] => {
    const keyed: { n: number; keys: Value[] }[] = [];
    for (const { n, values } of rows) {
      keyed.push({ n, keys: sources.map((source) => sortKey(source.read({ values, parents }))) });
    }
    keyed.sort((a, b) => compareKeys(query.orderBy, a.keys, b.keys) || a.n - b.n);
    return keyed.map((one) => one.n);
  };
  return { query, object, scope, parents, fitting, answer };
}

function first(rows: Iterable<Row>, end: number): number[] {
  const counters: number[] = [];
  for (const row of rows) {
    if (counters.length >= end) break;
    counters.push(row.n);
  }
  return counters;
}

function rowBinder(scope: Scope, withDeleted: boolean): Parameters<typeof bind<Subject>>[0] {
  const { org } = scope;
  return {
    now: org.clock.now(),
    source: (operand) => rowSource(scope, operand),
    inner: (query) => innerValues(org, query, withDeleted),
  };
}

/** A column of the statement as a condition or a sort reads it. */
function rowSource(scope: Scope, operand: Operand): Source<Subject> {
  if (!("path" in operand)) {
    throw new ApiError(
      400,
      "MALFORMED_QUERY",
      "Aggregates are allowed in HAVING and ORDER BY only",
    );
  }
  const column = columnOf(scope, operand.path);
  const read = (subject: Subject): Value => column.read(subject.values, subject.parents);
  const direct = column.hops.length === 0 && column.fn === undefined;
  return { field: column.field, direct, read };
}

function sortable(scope: Scope, operand: Operand): Source<Subject> {
  const source = rowSource(scope, operand);
  if (source.field.filterable) return source;
  const message = `field '${source.field.name}' can not be sorted in a query call`;
  throw new ApiError(400, "INVALID_FIELD", message);
}

function innerValues(org: Org, query: Query, withDeleted: boolean): Value[] {
  const prepared = prepare(org, query, { withDeleted });
  const [item] = query.select;
  if (item?.kind !== "field" || query.select.length !== 1) {
    throw new ApiError(400, "MALFORMED_QUERY", "An inner query must select exactly one field");
  }
  const column = columnOf(prepared.scope, item.path);
  const values: Value[] = [];
  for (const row of prepared.fitting()) {
    const value = column.read(row.values, prepared.parents);
    if (value !== null) values.push(value);
  }
  return values;
}
