import type { Field, Values } from "../schema/field.ts";
import { columnOf } from "./column.ts";
import { isPolymorphic, nameField } from "./name-object.ts";
import type { Prepared } from "./prepare.ts";
import { parentRecord, recordOf, type Tree, treeOf } from "./record-tree.ts";
import { noSuchColumn, noSuchObject } from "./soql-error.ts";
import type { Path, TypeOf } from "./syntax.ts";

/** Reads the branch of a TYPEOF that fits the target's object. */
export function typeOfReader(
  prepared: Prepared,
  { path, whens, otherwise }: TypeOf,
  dataPath: string,
): { name: string; read(values: Values): object | null } {
  const { scope, object, parents } = prepared;
  const lookup =
    path.parts.length === 1 ? object.parents.get((path.parts[0] ?? "").toLowerCase()) : undefined;
  if (lookup === undefined || !isPolymorphic(lookup)) {
    throw noSuchColumn(path.parts.join("."), object.name, scope.text, path.at);
  }
  const branches = new Map<string, Tree>();
  for (const { type, fields } of whens) {
    const target = scope.org.schema.find(type);
    if (target === undefined || !lookup.referenceTo.includes(target.name)) {
      throw noSuchObject(type, scope.text, path.at);
    }
    const inner = { ...scope, object: target, alias: undefined };
    branches.set(target.name, treeOf(fields.map((field) => columnOf(inner, field))));
  }
  const names = otherwise.map((one) => nameColumn(one, scope.text));
  return {
    name: lookup.relationshipName ?? "",
    read(values) {
      const found = parents.parent(values[lookup.name]);
      if (found === undefined) return null;
      const tree = branches.get(found.object.name);
      if (tree !== undefined) return recordOf(tree, found.object, found.values, parents, dataPath);
      if (names.length === 0) return null;
      const rest: Tree = {
        ...treeOf([]),
        fields: new Map(names.map((field) => [field.name, field])),
      };
      return parentRecord({ hop: lookup, tree: rest }, found, parents, dataPath);
    },
  };
}

function nameColumn(path: Path, text: string): Field {
  const field = path.parts.length === 1 ? nameField(path.parts[0] ?? "") : undefined;
  if (field === undefined) throw noSuchColumn(path.parts.join("."), "Name", text, path.at);
  return field;
}
