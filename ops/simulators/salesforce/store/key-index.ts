import type { StatementSync } from "node:sqlite";
import type { Field, Value } from "../schema/field.ts";
import type { Database } from "./database.ts";

/** Which rows hold a value in one field; deleted rows stay findable for queryAll but no longer take a unique value. */
export interface KeyIndex {
  readonly field: Field;
  put(value: Value, n: number): void;
  drop(value: Value, n: number): void;
  setDeleted(value: Value, n: number, deleted: boolean): void;
  /** Counters of the rows that hold a value, oldest first. */
  find(value: Value, withDeleted?: boolean): number[];
}

/** Opens (or makes) the index of a field. */
export function keyIndex(database: Database, object: string, field: Field): KeyIndex {
  const table = `"key_${object}_${field.name}"`;
  const { sql } = database;
  sql.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (value TEXT, deleted INTEGER, n INTEGER, PRIMARY KEY (value, deleted, n)) WITHOUT ROWID`,
  );
  const insert = sql.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, 0, ?)`);
  const remove = sql.prepare(`DELETE FROM ${table} WHERE value = ? AND n = ?`);
  const mark = sql.prepare(`UPDATE ${table} SET deleted = ? WHERE value = ? AND n = ?`);
  const living = sql.prepare(`SELECT n FROM ${table} WHERE value = ? AND deleted = 0`);
  const all = sql.prepare(`SELECT n FROM ${table} WHERE value = ?`);
  return {
    field,
    put: (value, n) => void (isSet(value) && insert.run(folded(field, value), n)),
    drop: (value, n) => void (isSet(value) && remove.run(folded(field, value), n)),
    setDeleted: (value, n, deleted) =>
      void (isSet(value) && mark.run(deleted ? 1 : 0, folded(field, value), n)),
    find: (value, withDeleted = false) =>
      isSet(value) ? counters(withDeleted ? all : living, folded(field, value)) : [],
  };
}

function counters(statement: StatementSync, value: string): number[] {
  return (statement.all(value) as { n: number }[]).map((row) => row.n).sort((a, b) => a - b);
}

function isSet(value: Value): value is Exclude<Value, null> {
  return value !== null && value !== "";
}

/** A value as unique fields compare it: without case, unless the field says otherwise. */
export function folded(field: Field, value: Exclude<Value, null>): string {
  const text = String(value);
  return field.caseSensitive || field.type === "reference" ? text : text.toLowerCase();
}
