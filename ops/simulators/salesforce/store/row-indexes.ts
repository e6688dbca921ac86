import type { Field, Values } from "../schema/field.ts";
import { isIndexed, type SObject } from "../schema/sobject.ts";
import type { Database } from "./database.ts";
import { type KeyIndex, keyIndex } from "./key-index.ts";

/** What an index must know of a row. */
interface Indexed {
  readonly n: number;
  readonly deleted: boolean;
  readonly values: Values;
}

/** The indexes of one sObject's rows, by field name. */
export interface RowIndexes {
  readonly byField: ReadonlyMap<string, KeyIndex>;
  added(n: number, values: Values): void;
  changed(before: Indexed, values: Values): void;
  marked(row: Indexed, deleted: boolean): void;
  dropped(row: Indexed): void;
  /** Brings the indexes to what the object's fields are now; new ones are filled from `rows`. */
  refresh(rows: () => Iterable<Indexed>): void;
  /** Drops the index of a field, or all of them. */
  forget(field?: Field): void;
}

/** Opens the indexes of an sObject's rows. */
export function rowIndexes(database: Database, object: SObject): RowIndexes {
  const byField = new Map<string, KeyIndex>();
  let opened = false;
  const drop = (name: string): void => {
    byField.delete(name);
    database.sql.exec(`DROP TABLE IF EXISTS "key_${object.name}_${name}"`);
  };
  return {
    byField,
    added(n, values) {
      for (const [name, index] of byField) index.put(values[name] ?? null, n);
    },
    changed(before, values) {
      for (const [name, index] of byField) {
        const [old = null, now = null] = [before.values[name], values[name]];
        if (old === now) continue;
        index.drop(old, before.n);
        index.put(now, before.n);
      }
    },
    marked({ n, values }, deleted) {
      for (const [name, index] of byField) index.setDeleted(values[name] ?? null, n, deleted);
    },
    dropped({ n, values }) {
      for (const [name, index] of byField) index.drop(values[name] ?? null, n);
    },
    refresh(rows) {
      for (const field of object.fields.values()) {
        const known = byField.has(field.name);
        if (isIndexed(object, field)) {
          const index = keyIndex(database, object.name, field);
          byField.set(field.name, index);
          // What was there when the store was opened is in the index's table already.
          if (opened && !known) fill(index, rows());
        } else if (known) {
          drop(field.name);
        }
      }
      opened = true;
    },
    forget(field) {
      for (const name of byField.keys()) {
        if (field === undefined || field.name === name) drop(name);
      }
    },
  };
}

function fill(index: KeyIndex, rows: Iterable<Indexed>): void {
  for (const { n, deleted, values } of rows) {
    const value = values[index.field.name] ?? null;
    index.put(value, n);
    if (deleted) index.setDeleted(value, n, true);
  }
}
