import type { Environment } from "../environment.ts";
import type { KeyDef, TableDef } from "../model.ts";
import { ApiError } from "../web/api-error.ts";
import { folded } from "./fold.ts";
import { type Row, type Value, type Values, isLookup } from "./row.ts";

/** The one entry of a row in the index of a key; undefined where a column of the key is empty: such rows are not covered. */
function entryOf(key: KeyDef, values: Values): string | undefined {
  let entry = "";
  for (const column of key.columns) {
    const value = values[column];
    if (value === undefined || value === null) return undefined;
    entry += `${partOf(value)}\u0000`;
  }
  return entry;
}

function partOf(value: Exclude<Value, null>): string {
  if (isLookup(value)) return value.id;
  return typeof value === "string" ? folded(value) : String(value);
}

/** The indexes of alternate keys. */
export interface KeyIndex {
  /** Notes a row's entries in its table's active keys; throws 412 where another row has them. */
  enter(table: TableDef, row: Row, before?: Row): void;
  leave(table: TableDef, row: Row): void;
  /** The id of the row with these values of an active key. */
  find(table: TableDef, key: KeyDef, values: Values): string | undefined;
  /** Makes the index of a key over the rows there are; false (and no index) where two rows have the same values. */
  build(table: TableDef, key: KeyDef): boolean;
  drop(key: KeyDef): void;
}

/** Opens the key indexes of an environment. */
export function keyIndexOf(env: Pick<Environment, "database" | "rows">): KeyIndex {
  const { sql } = env.database;
  const select = sql.prepare("SELECT id FROM key_entry WHERE key = ? AND folded = ?");
  const insert = sql.prepare("INSERT INTO key_entry VALUES (?, ?, ?)");
  const remove = sql.prepare("DELETE FROM key_entry WHERE key = ? AND folded = ?");
  const clear = sql.prepare("DELETE FROM key_entry WHERE key = ?");
  const holder = (key: KeyDef, entry: string): string | undefined =>
    (select.get(key.metadataId, entry) as { id: string } | undefined)?.id;
  return {
    enter(table, row, before) {
      for (const key of table.keys) {
        if (key.status !== "Active") continue;
        const entry = entryOf(key, row.values);
        const old = before === undefined ? undefined : entryOf(key, before.values);
        if (entry === old) continue;
        if (entry !== undefined && holder(key, entry) !== undefined) throw duplicate(key);
        if (old !== undefined) remove.run(key.metadataId, old);
        if (entry !== undefined) insert.run(key.metadataId, entry, row.id);
      }
    },
    leave(table, row) {
      for (const key of table.keys) {
        const entry = key.status === "Active" ? entryOf(key, row.values) : undefined;
        if (entry !== undefined) remove.run(key.metadataId, entry);
      }
    },
    find(_table, key, values) {
      const entry = entryOf(key, values);
      return entry === undefined ? undefined : holder(key, entry);
    },
    build(table, key) {
      clear.run(key.metadataId);
      for (const row of env.rows(table.logicalName).walk()) {
        const entry = entryOf(key, row.values);
        if (entry === undefined) continue;
        if (holder(key, entry) !== undefined) {
          clear.run(key.metadataId);
          return false;
        }
        insert.run(key.metadataId, entry, row.id);
      }
      return true;
    },
    drop: (key) => void clear.run(key.metadataId),
  };
}

function duplicate(key: KeyDef): ApiError {
  const message = `Entity Key ${key.displayName ?? key.schemaName} violated. A record with the same value for ${key.columns.join(", ")} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`;
  return new ApiError(412, "0x80060892", message);
}
