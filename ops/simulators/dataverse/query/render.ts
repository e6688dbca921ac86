import type { Environment } from "../environment.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { isLookup, type Row, type Value } from "../rows/row.ts";
import { collectionOf, membersOf } from "../write/navigation.ts";
import { formattedOf } from "./formatted.ts";
import type { Expand, Shape } from "./options.ts";
import { predicateOf } from "./predicate.ts";
import { columnReader } from "./read-value.ts";
import {
  columnOfProperty,
  navigationsOf,
  noSuchProperty,
  propertyName,
  rowSource,
} from "./row-source.ts";
import { rowOrder } from "./row-order.ts";

/** A row as JSON. */
export type Shown = Record<string, unknown>;

/** Which annotations a client asked for. */
export type Annotations = (name: string) => boolean;

const formattedName = "OData.Community.Display.V1.FormattedValue";
const lookupName = "Microsoft.Dynamics.CRM.lookuplogicalname";
const navigationName = "Microsoft.Dynamics.CRM.associatednavigationproperty";

/** Annotations by `odata.include-annotations`: `*`, names, names with a star at the end, and exclusions with a minus. */
export function annotationsOf(preference: string | undefined): Annotations {
  const wanted = (preference ?? "").split(",").map((one) => one.trim());
  const fits = (pattern: string, name: string): boolean =>
    pattern === "*" ||
    pattern === name ||
    (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)));
  return (name) =>
    wanted.some((one) => fits(one, name)) &&
    !wanted.some((one) => one.startsWith("-") && fits(one.slice(1), name));
}

/** Makes rows of a table JSON; throws 400 for properties that are not there. */
export function rendererOf(
  env: Environment,
  table: TableDef,
  shape: Pick<Shape, "select" | "expand">,
  annotations: Annotations,
): (row: Row) => Shown {
  const columns = shownColumns(table, shape.select).map((column) => ({
    column,
    name: propertyName(column),
    read: columnReader(env, table, column),
  }));
  const expands = shape.expand.map((expand) => expanderOf(env, table, expand, annotations));
  const annotate = [formattedName, lookupName, navigationName].some(annotations);
  return (row) => {
    const shown: Shown = { "@odata.etag": etagOf(row) };
    for (const { column, name, read } of columns) {
      const value = read(row);
      shown[name] = isLookup(value) ? value.id : value;
      if (annotate) annotateValue(env, shown, { table, column, name, value }, annotations);
    }
    // The primary id comes whether it was asked for or not.
    shown[table.primaryId] ??= row.id;
    for (const expand of expands) expand(row, shown);
    return shown;
  };
}

/** The ETag of a row's version. */
export function etagOf(row: Row): string {
  return `W/"${row.version}"`;
}

function shownColumns(
  table: TableDef,
  select: readonly string[] | undefined,
): readonly ColumnDef[] {
  if (select === undefined || select.includes("*")) {
    return table.columns.filter(
      (column) =>
        column.validForRead !== false && column.type !== "virtual" && column.type !== "partylist",
    );
  }
  return select.map((name) => {
    const column = columnOfProperty(table, name);
    if (column === undefined) throw noSuchProperty(table, name);
    return column;
  });
}

interface Annotated {
  readonly table: TableDef;
  readonly column: ColumnDef;
  readonly name: string;
  readonly value: Value;
}

function annotateValue(
  env: Environment,
  shown: Shown,
  one: Annotated,
  annotations: Annotations,
): void {
  const { table, column, name, value } = one;
  if (annotations(formattedName)) {
    const text = formattedOf(env, column, value);
    if (text !== undefined) shown[`${name}@${formattedName}`] = text;
  }
  if (!isLookup(value)) return;
  if (annotations(lookupName)) shown[`${name}@${lookupName}`] = value.table;
  if (!annotations(navigationName)) return;
  const relationship = env.model
    .manyToOne(table.logicalName)
    .find(
      (each) =>
        each.referencingAttribute === column.logicalName && each.referencedEntity === value.table,
    );
  shown[`${name}@${navigationName}`] = relationship?.referencingNavigation ?? column.logicalName;
}

type Expander = (row: Row, shown: Shown) => void;

function expanderOf(
  env: Environment,
  table: TableDef,
  expand: Expand,
  annotations: Annotations,
): Expander {
  const { name } = expand;
  const relationships = navigationsOf(env, table, name);
  const [first] = relationships;
  if (first === undefined) return collectionExpander(env, table, expand, annotations);
  const renderers = new Map(
    relationships.map(({ referencedEntity }) => {
      const parent = env.model.known(referencedEntity);
      // An owner may be of several kinds: what is asked of one of them the others may not have.
      const select = relationships.length === 1 ? expand.select : knownOf(parent, expand.select);
      return [referencedEntity, rendererOf(env, parent, { ...expand, select }, annotations)];
    }),
  );
  return (row, shown) => {
    const value = row.values[first.referencingAttribute];
    const renderer = isLookup(value) ? renderers.get(value.table) : undefined;
    const parent =
      isLookup(value) && renderer !== undefined ? env.rows(value.table).get(value.id) : undefined;
    shown[name] = parent === undefined ? null : renderer?.(parent);
  };
}

function knownOf(
  table: TableDef,
  select: readonly string[] | undefined,
): readonly string[] | undefined {
  return select?.filter((name) => columnOfProperty(table, name) !== undefined);
}

function collectionExpander(
  env: Environment,
  table: TableDef,
  expand: Expand,
  annotations: Annotations,
): Expander {
  const collection = collectionOf(env.model, table, expand.name);
  if (collection === undefined) throw noSuchProperty(table, expand.name);
  const target = env.model.known(collection.target);
  const render = rendererOf(env, target, expand, annotations);
  const source = rowSource(env, target);
  const fits = expand.filter === undefined ? () => true : predicateOf(expand.filter, source);
  const order = expand.orderBy.length === 0 ? undefined : rowOrder(source, expand.orderBy);
  return (row, shown) => {
    let members = [...membersOf(env, row.id, collection)].filter(fits);
    if (order !== undefined) members = order.sorted(members);
    shown[expand.name] = members.slice(0, expand.top ?? members.length).map(render);
  };
}
