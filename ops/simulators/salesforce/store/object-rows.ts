import type { Field, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Database } from "./database.ts";
import { idOf, parseId } from "./ids.ts";
import type { KeyIndex } from "./key-index.ts";
import { rowIndexes } from "./row-indexes.ts";

/** One row: `values` holds every field that is set, with Id, IsDeleted and SystemModstamp. */
export interface Row {
  readonly n: number;
  readonly id: string;
  readonly deleted: boolean;
  readonly stamp: number;
  readonly values: Values;
}

/** Which rows to walk over. */
export interface Walk {
  readonly withDeleted: boolean;
  /** SystemModstamp bounds in milliseconds, both included. */
  readonly from?: number;
  readonly to?: number;
  /** Only rows with a greater counter. */
  readonly after?: number;
}

/** The rows of one sObject. */
export interface ObjectRows {
  readonly object: SObject;
  readonly indexes: ReadonlyMap<string, KeyIndex>;
  nextCounter(): number;
  /** The counter given out last. */
  lastCounter(): number;
  insert(n: number, stamp: number, values: Values): void;
  /** Replaces a row's values and keeps the indexes right. */
  update(before: Row, stamp: number, values: Values): void;
  setDeleted(row: Row, stamp: number, deleted: boolean): void;
  get(n: number): Row | undefined;
  /** Whether a row is there, without reading it. */
  status(n: number): "living" | "deleted" | "missing";
  /** The row of an id of 15 or 18 characters, deleted or not. */
  byId(id: string): Row | undefined;
  walk(options: Walk): Iterable<Row>;
  count(withDeleted?: boolean): number;
  /** How often a row of this object was written since the start. */
  changes(): number;
  /** Drops a row for good. */
  drop(row: Row): void;
  /** Brings the indexes to what the object's fields are now. */
  refresh(): void;
  /** Drops what the rows hold in a field that is gone, or all rows. */
  forget(field?: Field): void;
}

interface Stored {
  n: number;
  stamp: number;
  deleted: number;
  body: string;
}

/** Opens the rows of an sObject. */
export function objectRows(database: Database, object: SObject): ObjectRows {
  const { sql } = database;
  const table = `"row_${object.name}"`;
  sql.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (n INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL);
     CREATE INDEX IF NOT EXISTS "stamp_${object.name}" ON ${table} (stamp)`,
  );
  const columns = `SELECT n, stamp, deleted, body FROM ${table}`;
  const insertRow = sql.prepare(`INSERT INTO ${table} VALUES (?, ?, 0, ?)`);
  const updateRow = sql.prepare(`UPDATE ${table} SET stamp = ?, body = ? WHERE n = ?`);
  const markRow = sql.prepare(`UPDATE ${table} SET stamp = ?, deleted = ? WHERE n = ?`);
  const selectRow = sql.prepare(`${columns} WHERE n = ?`);
  const selectMark = sql.prepare(`SELECT deleted FROM ${table} WHERE n = ?`);
  const highest = sql.prepare(`SELECT coalesce(max(n), 0) AS n FROM ${table}`);
  const dropRow = sql.prepare(`DELETE FROM ${table} WHERE n = ?`);
  const tally = sql.prepare(
    `SELECT count(*) AS total, coalesce(sum(deleted = 0), 0) AS living FROM ${table}`,
  );
  let counter = (highest.get() as { n: number }).n;
  let changes = 0;
  let counted = { total: 0, living: 0, undone: -1 };
  /** Counting every row takes long: it is done again only where a transaction was undone meanwhile. */
  const counts = (): typeof counted => {
    const undone = database.undone();
    if (counted.undone !== undone) {
      counted = { ...(tally.get() as { total: number; living: number }), undone };
    }
    return counted;
  };

  const rowOf = (stored: Stored): Row => {
    const values = JSON.parse(stored.body) as Values;
    const id = idOf(object.keyPrefix, stored.n);
    const deleted = stored.deleted === 1;
    values["Id"] = id;
    values["IsDeleted"] = deleted;
    values["SystemModstamp"] = new Date(stored.stamp).toISOString();
    return { n: stored.n, id, deleted, stamp: stored.stamp, values };
  };
  const get = (n: number): Row | undefined => {
    const stored = selectRow.get(n) as Stored | undefined;
    return stored === undefined ? undefined : rowOf(stored);
  };
  const everyRow = function* (): Iterable<Row> {
    for (const stored of sql.prepare(columns).iterate()) yield rowOf(stored as unknown as Stored);
  };
  const indexes = rowIndexes(database, object);
  const refresh = (): void => indexes.refresh(everyRow);
  refresh();
  return {
    object,
    indexes: indexes.byField,
    nextCounter: () => ++counter,
    lastCounter: () => counter,
    changes: () => changes,
    insert(n, stamp, values) {
      changes += 1;
      counted.total += 1;
      counted.living += 1;
      insertRow.run(n, stamp, bodyOf(values));
      indexes.added(n, values);
    },
    update(before, stamp, values) {
      changes += 1;
      updateRow.run(stamp, bodyOf(values), before.n);
      indexes.changed(before, values);
    },
    setDeleted(row, stamp, deleted) {
      changes += 1;
      counted.living += row.deleted === deleted ? 0 : deleted ? -1 : 1;
      markRow.run(stamp, deleted ? 1 : 0, row.n);
      indexes.marked(row, deleted);
    },
    get,
    status(n) {
      const mark = selectMark.get(n) as { deleted: number } | undefined;
      return mark === undefined ? "missing" : mark.deleted === 1 ? "deleted" : "living";
    },
    byId(id) {
      const parsed = parseId(id);
      return parsed === undefined || parsed.prefix !== object.keyPrefix ? undefined : get(parsed.n);
    },
    *walk(options) {
      const { where, bounds } = walkOf(options);
      for (const stored of sql.prepare(`${columns} ${where} ORDER BY n`).iterate(...bounds)) {
        yield rowOf(stored as unknown as Stored);
      }
    },
    count: (withDeleted = false) => (withDeleted ? counts().total : counts().living),
    drop(row) {
      changes += 1;
      counted.total -= 1;
      if (!row.deleted) counted.living -= 1;
      indexes.dropped(row);
      dropRow.run(row.n);
    },
    refresh,
    forget(field) {
      changes += 1;
      counted.undone = -1;
      indexes.forget(field);
      if (field === undefined) sql.exec(`DROP TABLE ${table}`);
      else sql.prepare(`UPDATE ${table} SET body = json_remove(body, ?)`).run(`$.${field.name}`);
    },
  };
}

function walkOf({ withDeleted, from, to, after }: Walk): { where: string; bounds: number[] } {
  const bounded = from !== undefined || to !== undefined;
  const where = [
    ...(withDeleted ? [] : ["deleted = 0"]),
    ...(bounded ? ["stamp BETWEEN ? AND ?"] : []),
    ...(after === undefined ? [] : ["n > ?"]),
  ];
  const bounds = [
    ...(bounded ? [from ?? 0, to ?? Number.MAX_SAFE_INTEGER] : []),
    ...(after === undefined ? [] : [after]),
  ];
  return { where: where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`, bounds };
}

function bodyOf(values: Values): string {
  const kept: Values = {};
  for (const name in values) {
    if (name === "Id" || name === "IsDeleted" || name === "SystemModstamp") continue;
    const value = values[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return JSON.stringify(kept);
}
