import type {
  ChoiceDef,
  ColumnDef,
  ManyToManyDef,
  Model,
  OneToManyDef,
  RelationshipDef,
  TableDef,
} from "./model.ts";
import type { Database } from "./rows/database.ts";

/** What must follow when a definition changes. */
export interface RegistryListener {
  tableChanged(table: TableDef): void;
  tableRemoved(logicalName: string): void;
  columnForgotten(table: string, column: string): void;
  /** Changes were undone: these are the tables there are. */
  restored(tables: readonly TableDef[]): void;
}

type Kind = "table" | "relationship" | "choice";

/** Opens the definitions kept in a database. */
export function openModel(database: Database, listener: RegistryListener): Model {
  const store = definitionStore(database);
  const tables = new Map<string, TableDef>();
  const relationships = new Map<string, RelationshipDef>();
  const choices = new Map<string, ChoiceDef>();
  const load = (): void => {
    refill(tables, store.all<TableDef>("table"), (one) => one.logicalName);
    refill(relationships, store.all<RelationshipDef>("relationship"), (one) => one.schemaName);
    refill(choices, store.all<ChoiceDef>("choice"), (one) => one.name);
  };
  load();
  let version = 1;
  let views = viewsOf(tables, relationships);
  let touched = false;
  const changed = (): void => {
    version += 1;
    views = viewsOf(tables, relationships);
    touched = true;
  };
  // Only a transaction that changed definitions can have undone such a change.
  database.onUndo(() => {
    if (!touched) return;
    load();
    changed();
    touched = false;
    listener.restored([...tables.values()]);
  });
  const removeRelationship = (schemaName: string): void => {
    relationships.delete(schemaName);
    store.remove("relationship", schemaName);
    changed();
  };
  return {
    get tables() {
      return [...tables.values()];
    },
    get relationships() {
      return [...relationships.values()];
    },
    get choices() {
      return [...choices.values()];
    },
    table: (name) => tables.get(name),
    tableOfSet: (set) => views.bySet.get(set),
    known(name) {
      const found = tables.get(name);
      if (found === undefined) throw new Error(`There is no table ${name}.`);
      return found;
    },
    column: (table, name) => views.columns.get(table)?.get(name),
    manyToOne: (table) => views.manyToOne.get(table) ?? [],
    oneToMany: (table) => views.oneToMany.get(table) ?? [],
    manyToMany: (table) => views.manyToMany.get(table) ?? [],
    optionsOf: (column) => (column.choice ?? choices.get(column.globalChoice ?? ""))?.options ?? [],
    choice: (name) => choices.get(name),
    putTable(table) {
      tables.set(table.logicalName, table);
      store.put("table", table.logicalName, table);
      changed();
      listener.tableChanged(table);
    },
    putRelationship(relationship) {
      relationships.set(relationship.schemaName, relationship);
      store.put("relationship", relationship.schemaName, relationship);
      changed();
    },
    putChoice(choice) {
      choices.set(choice.name, choice);
      store.put("choice", choice.name, choice);
      changed();
    },
    removeTable(name) {
      for (const one of relationships.values())
        if (touches(one, name)) removeRelationship(one.schemaName);
      tables.delete(name);
      store.remove("table", name);
      changed();
      listener.tableRemoved(name);
    },
    removeRelationship,
    removeChoice(name) {
      choices.delete(name);
      store.remove("choice", name);
      changed();
    },
    forgetColumn: (table, column) => listener.columnForgotten(table, column),
    get version() {
      return version;
    },
  };
}

function refill<T>(map: Map<string, T>, all: readonly T[], nameOf: (one: T) => string): void {
  map.clear();
  for (const one of all) map.set(nameOf(one), one);
}

function definitionStore(database: Database) {
  const { sql } = database;
  const select = sql.prepare("SELECT body FROM definition WHERE kind = ? ORDER BY name");
  const replace = sql.prepare("INSERT OR REPLACE INTO definition VALUES (?, ?, ?)");
  const remove = sql.prepare("DELETE FROM definition WHERE kind = ? AND name = ?");
  return {
    all: <T>(kind: Kind): T[] =>
      (select.all(kind) as { body: string }[]).map(({ body }) => JSON.parse(body) as T),
    put: (kind: Kind, name: string, value: object): void =>
      void replace.run(kind, name, JSON.stringify(value)),
    remove: (kind: Kind, name: string): void => void remove.run(kind, name),
  };
}

interface Views {
  readonly bySet: ReadonlyMap<string, TableDef>;
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, ColumnDef>>;
  readonly manyToOne: ReadonlyMap<string, OneToManyDef[]>;
  readonly oneToMany: ReadonlyMap<string, OneToManyDef[]>;
  readonly manyToMany: ReadonlyMap<string, ManyToManyDef[]>;
}

function viewsOf(
  tables: ReadonlyMap<string, TableDef>,
  relationships: ReadonlyMap<string, RelationshipDef>,
): Views {
  const manyToOne = new Map<string, OneToManyDef[]>();
  const oneToMany = new Map<string, OneToManyDef[]>();
  const manyToMany = new Map<string, ManyToManyDef[]>();
  for (const one of relationships.values()) {
    if (one.kind === "oneToMany") {
      add(manyToOne, one.referencingEntity, one);
      add(oneToMany, one.referencedEntity, one);
    } else {
      add(manyToMany, one.entity1, one);
      if (one.entity2 !== one.entity1) add(manyToMany, one.entity2, one);
    }
  }
  const all = [...tables.values()];
  return {
    bySet: new Map(all.map((table) => [table.entitySetName, table])),
    columns: new Map(
      all.map((table) => [
        table.logicalName,
        new Map(table.columns.map((column) => [column.logicalName, column])),
      ]),
    ),
    manyToOne,
    oneToMany,
    manyToMany,
  };
}

function add<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [value]);
  else list.push(value);
}

function touches(one: RelationshipDef, table: string): boolean {
  return one.kind === "oneToMany"
    ? one.referencedEntity === table || one.referencingEntity === table
    : one.entity1 === table || one.entity2 === table;
}
