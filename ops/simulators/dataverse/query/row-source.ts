import type { Environment } from "../environment.ts";
import type { ColumnDef, OneToManyDef, TableDef } from "../model.ts";
import { isLookup, type LookupValue, type Row, type Value } from "../rows/row.ts";
import { ApiError } from "../web/api-error.ts";
import { collectionOf, membersOf } from "../write/navigation.ts";
import { factsOf } from "../write/table-facts.ts";
import { columnReader } from "./read-value.ts";
import type { Members, Reading, Source } from "./source.ts";
import type { LiteralType, Scalar } from "./tokens.ts";

/** Rows of a table as a filter, an order or a grouping sees them. */
export function rowSource(env: Environment, table: TableDef): Source<Row> {
  return {
    property: (path) => propertyOf(env, table, path),
    collection: (path) => collectionAt(env, table, path),
    now: () => env.clock.now(),
  };
}

/** 400: the table has no such property. */
export function noSuchProperty(table: TableDef, name: string): ApiError {
  return new ApiError(
    400,
    "0x0",
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`,
  );
}

function propertyOf(env: Environment, table: TableDef, path: readonly string[]): Reading<Row> {
  const [name = "", ...rest] = path;
  if (rest.length > 0) return parentProperty(env, table, name, rest);
  const column = columnOfProperty(table, name);
  if (column === undefined) throw noSuchProperty(table, name);
  const read = columnReader(env, table, column);
  return { type: typeOf(column), read: (row) => scalarOf(read(row)) };
}

function scalarOf(value: Value): Scalar {
  return isLookup(value) ? value.id : value;
}

/** The column behind a property: `_primarycontactid_value` is that of a lookup, and a lookup's own name is no property. */
export function columnOfProperty(table: TableDef, name: string): ColumnDef | undefined {
  const { columns } = factsOf(table);
  const lookup = /^_(.+)_value$/.exec(name)?.[1];
  if (lookup !== undefined) {
    const column = columns.get(lookup);
    return column?.targets === undefined ? undefined : column;
  }
  const column = columns.get(name);
  return column?.targets === undefined ? column : undefined;
}

/** The name of the property that shows a column. */
export function propertyName(column: ColumnDef): string {
  return column.targets === undefined ? column.logicalName : `_${column.logicalName}_value`;
}

function typeOf(column: ColumnDef): LiteralType {
  if (column.targets !== undefined) return "guid";
  switch (column.type) {
    case "uniqueidentifier":
      return "guid";
    case "boolean":
      return "boolean";
    case "datetime":
      return "time";
    case "integer":
    case "bigint":
    case "decimal":
    case "double":
    case "money":
    case "picklist":
    case "state":
    case "status":
      return "number";
    case "virtual":
      return "null";
    default:
      return "string";
  }
}

function parentProperty(
  env: Environment,
  table: TableDef,
  name: string,
  rest: readonly string[],
): Reading<Row> {
  const relationships = navigationsOf(env, table, name);
  const [relationship] = relationships;
  if (relationship === undefined) throw noSuchProperty(table, name);
  const several = relationships.length > 1;
  const parents = relationships
    .map((one) => env.model.known(one.referencedEntity))
    // An owner may be of several kinds: what is asked of one of them the others may not have.
    .filter(
      (parent, at) => !several || at === 0 || columnOfProperty(parent, rest[0] ?? "") !== undefined,
    )
    .map((parent) => ({ parent: parent.logicalName, reading: propertyOf(env, parent, rest) }));
  const type = parents[0]?.reading.type ?? "string";
  return {
    type,
    read(row) {
      const value = row.values[relationship.referencingAttribute];
      const found = isLookup(value) ? parentOf(env, value) : undefined;
      const fits = parents.find(({ parent }) => parent === found?.table);
      return found === undefined || fits === undefined ? null : fits.reading.read(found);
    },
  };
}

function parentOf(env: Environment, value: LookupValue): Row | undefined {
  return env.model.table(value.table) === undefined
    ? undefined
    : env.rows(value.table).get(value.id);
}

/** The relationships behind a single-valued navigation property; an owner has one for each kind of owner. */
export function navigationsOf(env: Environment, table: TableDef, name: string): OneToManyDef[] {
  return env.model.manyToOne(table.logicalName).filter((one) => one.referencingNavigation === name);
}

function collectionAt(
  env: Environment,
  table: TableDef,
  path: readonly string[],
): Members<Row, unknown> {
  const [name = "", ...rest] = path;
  const collection = rest.length === 0 ? collectionOf(env.model, table, name) : undefined;
  if (collection === undefined) throw noSuchProperty(table, path.join("/"));
  const members: Members<Row, Row> = {
    source: rowSource(env, env.model.known(collection.target)),
    read: (row) => membersOf(env, row.id, collection),
  };
  return members;
}
