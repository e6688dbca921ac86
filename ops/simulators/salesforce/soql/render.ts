import { ApiError } from "../rest/api-error.ts";
import type { Field, Value, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { ObjectRows, Row } from "../store/object-rows.ts";
import { columnOf, type Column, type ParentReader } from "./column.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { Path, Query } from "./syntax.ts";

/** Turns a row into the record of a JSON answer. */
export type Render = (row: Row) => Record<string, unknown>;

interface Tree {
  readonly fields: Map<string, Field>;
  readonly parents: Map<string, { hop: Field; tree: Tree }>;
  /** Names in the order of the SELECT list. */
  readonly order: string[];
}

/** A value as REST JSON spells it; `url` is its record's. */
export function jsonValue(field: Field, value: Value | undefined, url = ""): Value {
  if (value === undefined || value === null) return field.type === "boolean" ? false : null;
  // The bytes of a file have an address of their own.
  if (field.type === "base64") return `${url}/${field.name}`;
  return field.type === "datetime" && typeof value === "string"
    ? value.replace("Z", "+0000")
    : value;
}

/** The columns a statement selects, `FIELDS(…)` written out. */
export function columnsOf(prepared: Prepared): Column[] {
  return prepared.query.select.flatMap((item) => {
    if (item.kind === "field") return [columnOf(prepared.scope, item.path)];
    if (item.kind !== "fields") return [];
    if (item.which !== "STANDARD" && (prepared.query.limit ?? Infinity) > 200) {
      const message = "The SOQL FIELDS function must have a LIMIT of at most 200";
      throw new ApiError(400, "MALFORMED_QUERY", message);
    }
    return [...prepared.object.fields.values()]
      .filter((field) => item.which === "ALL" || field.custom === (item.which === "CUSTOM"))
      .map((field) => columnOf(prepared.scope, pathTo(field)));
  });
}

function pathTo(field: Field): Path {
  return { parts: [field.name], at: 0 };
}

/** The renderer of a statement; `dataPath` begins each record's URL. */
export function renderer(prepared: Prepared, dataPath: string): Render {
  const tree = treeOf(columnsOf(prepared));
  const children = prepared.query.select.flatMap((item) =>
    item.kind === "children" ? [childList(prepared, item.query, dataPath)] : [],
  );
  return ({ values, id }) => {
    const record = recordOf(tree, prepared.object, values, prepared.parents, dataPath);
    for (const child of children) record[child.name] = child.read(id);
    return record;
  };
}

function treeOf(columns: readonly Column[]): Tree {
  const root: Tree = { fields: new Map(), parents: new Map(), order: [] };
  for (const { hops, field } of columns) {
    let at = root;
    for (const hop of hops) {
      const name = hop.relationshipName ?? "";
      const known = at.parents.get(name);
      const next = known ?? { hop, tree: { fields: new Map(), parents: new Map(), order: [] } };
      if (known === undefined) {
        at.parents.set(name, next);
        at.order.push(name);
      }
      at = next.tree;
    }
    if (!at.fields.has(field.name)) at.order.push(field.name);
    at.fields.set(field.name, field);
  }
  return root;
}

function recordOf(
  tree: Tree,
  object: SObject,
  values: Values,
  parents: ParentReader,
  dataPath: string,
): Record<string, unknown> {
  const url = `${dataPath}/sobjects/${object.name}/${values["Id"]}`;
  const record: Record<string, unknown> = { attributes: { type: object.name, url } };
  for (const name of tree.order) {
    const field = tree.fields.get(name);
    const parent = tree.parents.get(name);
    if (field !== undefined) record[name] = jsonValue(field, values[name], url);
    else if (parent !== undefined) {
      const found = parents.parent(values[parent.hop.name]);
      record[name] =
        found === undefined
          ? null
          : recordOf(parent.tree, found.object, found.values, parents, dataPath);
    }
  }
  return record;
}

function childList(
  prepared: Prepared,
  query: Query,
  dataPath: string,
): { name: string; read(id: string): object | null } {
  const { org, object } = prepared.scope;
  const relation = org.schema
    .childrenOf(object)
    .find(({ field }) => field.childRelationship?.toLowerCase() === query.from.toLowerCase());
  if (relation === undefined) {
    const message = `Didn't understand relationship '${query.from}' in FROM part of query call.`;
    throw new ApiError(400, "INVALID_TYPE", message);
  }
  const inner = prepare(org, query, { object: relation.child });
  const render = renderer(inner, dataPath);
  const rows = org.rows(relation.child.name);
  const read = (id: string): object | null => {
    const records = inner
      .answer(rowsBy(rows, relation.field, id))
      .flatMap((n) => rows.get(n) ?? [])
      .map(render);
    return records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
  return { name: relation.field.childRelationship ?? query.from, read };
}

function rowsBy(rows: ObjectRows, field: Field, id: string): Row[] {
  return (rows.indexes.get(field.name)?.find(id) ?? []).flatMap((n) => rows.get(n) ?? []);
}
