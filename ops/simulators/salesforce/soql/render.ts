import { ApiError } from "../rest/api-error.ts";
import type { Field } from "../schema/field.ts";
import type { ObjectRows, Row } from "../store/object-rows.ts";
import { columnOf, type Column } from "./column.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { recordOf, treeOf } from "./record-tree.ts";
import { noSuchRelationship } from "./soql-error.ts";
import type { Path, Query } from "./syntax.ts";
import { typeOfReader } from "./type-of.ts";

/** Turns a row into the record of a JSON answer. */
export type Render = (row: Row) => Record<string, unknown>;

/** The columns a statement selects, `FIELDS(…)` written out. */
export function columnsOf(prepared: Prepared): Column[] {
  return prepared.query.select.flatMap((item) => {
    if (item.kind === "field") return [plainColumn(prepared, item.path)];
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

function plainColumn(prepared: Prepared, path: Path): Column {
  const column = columnOf(prepared.scope, path);
  if (column.fn === undefined) return column;
  const message = `Field must be grouped or aggregated: ${column.name}`;
  throw new ApiError(400, "MALFORMED_QUERY", message);
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
  const branches = prepared.query.select.flatMap((item) =>
    item.kind === "typeOf" ? [typeOfReader(prepared, item.of, dataPath)] : [],
  );
  return ({ values, id }) => {
    const record = recordOf(tree, prepared.object, values, prepared.parents, dataPath);
    for (const branch of branches) record[branch.name] = branch.read(values);
    for (const child of children) record[child.name] = child.read(id);
    return record;
  };
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
    throw noSuchRelationship(query.from, query.text, query.fromAt);
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
