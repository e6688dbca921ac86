import type { TableDef } from "../model.ts";
import type { Database } from "./database.ts";
import { type Row, type Value, type Values, isLookup } from "./row.ts";

/** Which rows to walk over, in the order of their ids. */
export interface Walk {
  /** Only rows with a greater id. */
  readonly after?: string;
  /** Only rows changed at or after this time, as `2026-01-02T03:04:05Z`. */
  readonly modifiedFrom?: string;
}

/** The rows of one table. */
export interface TableRows {
  readonly table: string;
  insert(id: string, version: number, values: Values): Row;
  /** Replaces a row's values. */
  update(before: Row, version: number, values: Values): Row;
  drop(row: Row): void;
  get(id: string): Row | undefined;
  walk(options?: Walk): Iterable<Row>;
  /** Rows with a greater id whose text in a column folds to one of these, and those that keep none there, in the order of their ids. */
  holding(column: string, texts: readonly string[], after: string): Iterable<Row>;
  /** Rows whose lookup column points to this row. */
  referring(column: string, target: string): Iterable<Row>;
  count(): number;
  /** Drops a column's values of all rows. */
  forget(column: string): void;
  /** Drops the rows and everything kept for them. */
  destroy(): void;
}

/** Lookups every row has; nobody finds rows by them. */
const unindexed: ReadonlySet<string> = new Set([
  "createdby",
  "modifiedby",
  "createdonbehalfby",
  "modifiedonbehalfby",
  "ownerid",
  "transactioncurrencyid",
]);

interface Stored {
  id: string;
  version: number;
  body: string;
}

/** Opens the rows of a table. */
export function tableRows(database: Database, table: Pick<TableDef, "logicalName">): TableRows {
  const { sql } = database;
  const name = table.logicalName;
  const quoted = `"row_${name}"`;
  sql.exec(
    `CREATE TABLE IF NOT EXISTS ${quoted} (id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, modified TEXT NOT NULL, body TEXT NOT NULL);
     CREATE INDEX IF NOT EXISTS "modified_${name}" ON ${quoted} (modified)`,
  );
  const columns = `SELECT id, version, body FROM ${quoted}`;
  const insertRow = sql.prepare(`INSERT INTO ${quoted} VALUES (?, ?, ?, ?)`);
  const updateRow = sql.prepare(
    `UPDATE ${quoted} SET version = ?, modified = ?, body = ? WHERE id = ?`,
  );
  const selectRow = sql.prepare(`${columns} WHERE id = ?`);
  const dropRow = sql.prepare(`DELETE FROM ${quoted} WHERE id = ?`);
  const tally = sql.prepare(`SELECT count(*) AS n FROM ${quoted}`);
  const refer = sql.prepare("INSERT OR IGNORE INTO reference VALUES (?, ?, ?, ?)");
  const unrefer = sql.prepare(
    "DELETE FROM reference WHERE target = ? AND source = ? AND field = ? AND id = ?",
  );
  const referrers = sql.prepare(
    "SELECT id FROM reference WHERE target = ? AND source = ? AND field = ? ORDER BY id",
  );
  let counted = { n: 0, undone: -1 };
  const counts = (): typeof counted => {
    const undone = database.undone();
    if (counted.undone !== undone) counted = { n: (tally.get() as { n: number }).n, undone };
    return counted;
  };
  const rowOf = (stored: Stored): Row => ({
    table: name,
    id: stored.id,
    version: stored.version,
    values: JSON.parse(stored.body) as Values,
  });
  const get = (id: string): Row | undefined => {
    const stored = selectRow.get(id) as Stored | undefined;
    return stored === undefined ? undefined : rowOf(stored);
  };
  const index = (id: string, values: Values, before: Values): void => {
    for (const column in values) {
      const target = targetOf(column, values[column]);
      if (target !== undefined && target !== targetOf(column, before[column]))
        refer.run(target, name, column, id);
    }
    for (const column in before) {
      const target = targetOf(column, before[column]);
      if (target !== undefined && target !== targetOf(column, values[column]))
        unrefer.run(target, name, column, id);
    }
  };
  return {
    table: name,
    insert(id, version, values) {
      counts().n += 1;
      insertRow.run(id, version, modifiedOf(values), bodyOf(values));
      index(id, values, {});
      return { table: name, id, version, values };
    },
    update(before, version, values) {
      updateRow.run(version, modifiedOf(values), bodyOf(values), before.id);
      index(before.id, values, before.values);
      return { table: name, id: before.id, version, values };
    },
    drop(row) {
      counts().n -= 1;
      index(row.id, {}, row.values);
      dropRow.run(row.id);
    },
    get,
    *walk({ after = "", modifiedFrom } = {}) {
      const where = modifiedFrom === undefined ? "" : "AND modified >= ?";
      const bounds = modifiedFrom === undefined ? [after] : [after, modifiedFrom];
      const rows = sql.prepare(`${columns} WHERE id > ? ${where} ORDER BY id`).iterate(...bounds);
      for (const stored of rows) yield rowOf(stored as unknown as Stored);
    },
    *holding(column, texts, after) {
      const text = `folded(json_extract(body, '$.${column}'))`;
      // Made when somebody looks by the column first, as the service does with what is often asked for.
      sql.exec(`CREATE INDEX IF NOT EXISTS "text_${name}_${column}" ON ${quoted} (${text})`);
      const found = sql
        .prepare(
          `SELECT id FROM ${quoted} WHERE ${text} IN (SELECT value FROM json_each(?)) AND id > ?
           UNION ALL SELECT id FROM ${quoted} WHERE ${text} IS NULL AND id > ? ORDER BY id`,
        )
        .all(JSON.stringify(texts), after, after) as { id: string }[];
      for (const { id } of found) {
        const row = get(id);
        if (row !== undefined) yield row;
      }
    },
    *referring(column, target) {
      for (const { id } of referrers.all(target, name, column) as { id: string }[]) {
        const row = get(id);
        if (row !== undefined) yield row;
      }
    },
    count: () => counts().n,
    forget(column) {
      sql.prepare(`UPDATE ${quoted} SET body = json_remove(body, ?)`).run(`$.${column}`);
      sql.prepare("DELETE FROM reference WHERE source = ? AND field = ?").run(name, column);
    },
    destroy() {
      sql.exec(`DROP TABLE ${quoted}`);
      sql.prepare("DELETE FROM reference WHERE source = ?").run(name);
    },
  };
}

function targetOf(column: string, value: Value | undefined): string | undefined {
  return isLookup(value) && !unindexed.has(column) ? value.id : undefined;
}

function modifiedOf(values: Values): string {
  const at = values["modifiedon"];
  return typeof at === "string" ? at : "";
}

function bodyOf(values: Values): string {
  const kept: Values = {};
  for (const name in values) {
    const value = values[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return JSON.stringify(kept);
}
