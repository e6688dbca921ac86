import type { Field, Value, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Column, Found, ParentReader } from "./column.ts";
import { isPolymorphic, nameValue } from "./name-object.ts";

/** The fields a record shows, its parents' within. */
export interface Tree {
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

/** The tree of some columns. */
export function treeOf(columns: readonly Column[]): Tree {
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

/** A row as a record: its fields and its parents, in the order of the SELECT list. */
export function recordOf(
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
      record[name] = found === undefined ? null : parentRecord(parent, found, parents, dataPath);
    }
  }
  return record;
}

/** A parent as a record: of a lookup to several objects what Name shows of it. */
export function parentRecord(
  { hop, tree }: { hop: Field; tree: Tree },
  found: Found,
  parents: ParentReader,
  dataPath: string,
): Record<string, unknown> {
  if (!isPolymorphic(hop)) return recordOf(tree, found.object, found.values, parents, dataPath);
  const url = `${dataPath}/sobjects/${found.object.name}/${found.values["Id"]}`;
  const record: Record<string, unknown> = { attributes: { type: "Name", url } };
  for (const [name, field] of tree.fields) record[name] = jsonValue(field, nameValue(found, field));
  return record;
}
