import type { Writer } from "../extension.ts";
import type { ManyToManyDef, Model, OneToManyDef, TableDef } from "../model.ts";
import type { LookupValue, Row } from "../rows/row.ts";

/** A collection-valued navigation property of a table. */
export type Collection =
  | { readonly kind: "oneToMany"; readonly relationship: OneToManyDef; readonly target: string }
  | {
      readonly kind: "manyToMany";
      readonly relationship: ManyToManyDef;
      readonly target: string;
      /** Whether the table is the first of the relationship. */
      readonly first: boolean;
    };

/** The collection of that name (case-sensitive), if the table has it. */
export function collectionOf(model: Model, table: TableDef, name: string): Collection | undefined {
  const { logicalName } = table;
  const many = model.oneToMany(logicalName).find((one) => one.referencedNavigation === name);
  if (many !== undefined)
    return { kind: "oneToMany", relationship: many, target: many.referencingEntity };
  for (const relationship of model.manyToMany(logicalName)) {
    const { entity1, entity2, navigation1, navigation2 } = relationship;
    if (entity1 === logicalName && navigation1 === name) {
      return { kind: "manyToMany", relationship, target: entity2, first: true };
    }
    if (entity2 === logicalName && navigation2 === name) {
      return { kind: "manyToMany", relationship, target: entity1, first: false };
    }
  }
  return undefined;
}

/** Makes a row a member of another row's collection. */
export function associate(
  writer: Writer,
  row: Row,
  collection: Collection,
  target: LookupValue,
): void {
  if (collection.kind === "oneToMany") {
    const lookup = { table: row.table, id: row.id };
    const { referencingAttribute } = collection.relationship;
    writer.update(writer.read(target.table, target.id), { [referencingAttribute]: lookup });
    return;
  }
  const [one, two] = collection.first ? [row.id, target.id] : [target.id, row.id];
  const insert = writer.env.database.sql.prepare("INSERT OR IGNORE INTO link VALUES (?, ?, ?)");
  insert.run(collection.relationship.schemaName, one, two);
}

/** Takes a row out of another row's collection. */
export function dissociate(
  writer: Writer,
  row: Row,
  collection: Collection,
  targetId: string,
): void {
  if (collection.kind === "oneToMany") {
    const { referencingAttribute } = collection.relationship;
    writer.update(writer.read(collection.target, targetId), { [referencingAttribute]: null });
    return;
  }
  const [one, two] = collection.first ? [row.id, targetId] : [targetId, row.id];
  const remove = writer.env.database.sql.prepare(
    "DELETE FROM link WHERE relationship = ? AND one = ? AND two = ?",
  );
  remove.run(collection.relationship.schemaName, one, two);
}

/** The rows of a collection, by id. */
export function* membersOf(env: Writer["env"], id: string, collection: Collection): Iterable<Row> {
  const rows = env.rows(collection.target);
  if (collection.kind === "oneToMany") {
    yield* rows.referring(collection.relationship.referencingAttribute, id);
    return;
  }
  const [own, other] = collection.first ? ["one", "two"] : ["two", "one"];
  const select = env.database.sql.prepare(
    `SELECT ${other} AS id FROM link WHERE relationship = ? AND ${own} = ? ORDER BY ${other}`,
  );
  for (const found of select.all(collection.relationship.schemaName, id) as { id: string }[]) {
    const row = rows.get(found.id);
    if (row !== undefined) yield row;
  }
}
