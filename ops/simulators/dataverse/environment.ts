import type { Clock } from "../server/clock.ts";
import type { Faults } from "../server/faults.ts";
import type { RequestLog } from "../server/request-log.ts";
import type { Extension, TableRules } from "./extension.ts";
import { newGuid } from "./identifier.ts";
import type { Model, TableDef } from "./model.ts";
import { openModel } from "./registry.ts";
import { type Database, openDatabase } from "./rows/database.ts";
import { type KeyIndex, keyIndexOf } from "./rows/keys.ts";
import { type SettingStore, settingStore } from "./rows/settings.ts";
import { type TableRows, tableRows } from "./rows/table-rows.ts";
import type { Resource } from "./web/call.ts";

/** One environment: its model, rows, settings and clock. Everything a resource needs. */
export interface Environment {
  readonly folder: string;
  readonly organizationId: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly settings: SettingStore;
  readonly model: Model;
  readonly keys: KeyIndex;
  /** What is special about a table: the rules of every table first, then its own. */
  rulesOf(table: string): readonly TableRules[];
  readonly resources: ReadonlyMap<string, Resource>;
  /** The rows of a table by its logical name. */
  rows(table: string): TableRows;
  /** The row version of the next write. */
  nextVersion(): number;
  /** The row version of the newest write. */
  lastVersion(): number;
  close(): void;
}

/** What stands around an environment. */
export interface Surroundings {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly extensions: readonly Extension[];
  readonly resources: readonly Resource[];
}

/** Opens the environment kept in a folder; standard definitions it lacks are added. */
export function openEnvironment(folder: string, around: Surroundings): Environment {
  const { extensions, clock, faults, log } = around;
  const database = openDatabase(folder);
  const settings = settingStore(database);
  const stores = new Map<string, TableRows>();
  const open = (table: TableDef): void => {
    if (!stores.has(table.logicalName)) stores.set(table.logicalName, tableRows(database, table));
  };
  const rows = (name: string): TableRows => {
    const found = stores.get(name);
    if (found === undefined) throw new Error(`There is no table ${name}.`);
    return found;
  };
  const model = openModel(database, {
    tableChanged: open,
    tableRemoved(name) {
      rows(name).destroy();
      stores.delete(name);
    },
    columnForgotten: (table, column) => rows(table).forget(column),
    restored(tables) {
      const names = new Set(tables.map((table) => table.logicalName));
      for (const name of stores.keys()) if (!names.has(name)) stores.delete(name);
      for (const table of tables) open(table);
    },
  });
  for (const table of model.tables) open(table);
  database.transaction(() => addMissing(model, extensions));
  let version = newestVersion(database, model);
  const resources = [...around.resources, ...extensions.flatMap((one) => one.resources ?? [])];
  return {
    folder,
    organizationId: settings.keep("organization", newGuid),
    database,
    clock,
    faults,
    log,
    settings,
    model,
    keys: keyIndexOf({ database, rows }),
    rulesOf: rulesIn(extensions),
    resources: new Map(resources.map((one) => [one.name, one])),
    rows,
    nextVersion: () => ++version,
    lastVersion: () => version,
    close: () => database.close(),
  };
}

function addMissing(model: Model, extensions: readonly Extension[]): void {
  const known = new Set(model.relationships.map((one) => one.schemaName));
  for (const { tables = [], relationships = [] } of extensions) {
    for (const table of tables)
      if (model.table(table.logicalName) === undefined) model.putTable(table);
    for (const one of relationships) if (!known.has(one.schemaName)) model.putRelationship(one);
  }
}

function newestVersion(database: Database, model: Model): number {
  const newest = model.tables.map(({ logicalName }) => {
    const found = database.sql
      .prepare(`SELECT coalesce(max(version), 0) AS v FROM "row_${logicalName}"`)
      .get();
    return (found as { v: number }).v;
  });
  return Math.max(1_000_000, ...newest);
}

function rulesIn(extensions: readonly Extension[]): Environment["rulesOf"] {
  const known = new Map<string, readonly TableRules[]>();
  const find = (table: string): TableRules[] =>
    extensions.flatMap((one) => one.rules?.get(table) ?? []);
  return (table) => {
    const rules = known.get(table) ?? [...find("*"), ...find(table)];
    known.set(table, rules);
    return rules;
  };
}

/** Who acts: the user whose rights count, and the application user on whose token it comes. */
export interface Caller {
  readonly userId: string;
  readonly businessUnitId: string;
  /** Privileges it lacks, in lower case; nothing, if not said. */
  readonly missing?: ReadonlySet<string>;
  /** Set when `userId` is impersonated. */
  readonly onBehalfBy?: string;
}
