import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const tables = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS definition (object TEXT, field TEXT, body TEXT NOT NULL, seq INTEGER PRIMARY KEY AUTOINCREMENT, UNIQUE (object, field));
  CREATE TABLE IF NOT EXISTS bin (object TEXT, n INTEGER, root TEXT NOT NULL, at INTEGER NOT NULL, purged INTEGER NOT NULL, PRIMARY KEY (object, n)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS bin_root ON bin (root);
  CREATE INDEX IF NOT EXISTS bin_at ON bin (at);
  CREATE TABLE IF NOT EXISTS usage (kind TEXT, hour INTEGER, n INTEGER NOT NULL, PRIMARY KEY (kind, hour)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bulk_job (n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS bulk_batch (job INTEGER, batch INTEGER, first_byte INTEGER, last_byte INTEGER, rows INTEGER, done INTEGER, failed INTEGER, PRIMARY KEY (job, batch)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bulk_result (job INTEGER, batch INTEGER, chunk INTEGER, place INTEGER, succeeded TEXT NOT NULL, failed TEXT NOT NULL, PRIMARY KEY (job, batch, chunk));
  CREATE TABLE IF NOT EXISTS query_result (job INTEGER, first_row INTEGER, rows INTEGER, lines TEXT NOT NULL, PRIMARY KEY (job, first_row)) WITHOUT ROWID;
`;

/** The org's SQLite file and the one way to change it. */
export interface Database {
  readonly sql: DatabaseSync;
  /** Runs work in a transaction (inside another one: a savepoint); a throw undoes it. */
  transaction<T>(work: () => T): T;
  /** How many transactions were undone since the start: what was read within them is no longer so. */
  undone(): number;
  /** Which transaction is under way, counted from the start; the ones inside it share its number. */
  transactionNumber(): number;
  close(): void;
}

/** Opens (or makes) `org.sqlite` in a folder; a killed process loses at most the transaction under way. */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const sql = new DatabaseSync(join(folder, "org.sqlite"));
  sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -24000");
  sql.exec("PRAGMA locking_mode = EXCLUSIVE");
  sql.exec(tables);
  let depth = 0;
  let undone = 0;
  let number = 0;
  const transaction = <T>(work: () => T): T => {
    const inner = depth > 0;
    const name = `level_${depth}`;
    sql.exec(inner ? `SAVEPOINT ${name}` : "BEGIN IMMEDIATE");
    if (!inner) number += 1;
    depth += 1;
    try {
      const result = work();
      sql.exec(inner ? `RELEASE ${name}` : "COMMIT");
      return result;
    } catch (error) {
      undone += 1;
      sql.exec(inner ? `ROLLBACK TO ${name}; RELEASE ${name}` : "ROLLBACK");
      throw error;
    } finally {
      depth -= 1;
    }
  };
  const counters = { undone: () => undone, transactionNumber: () => number };
  return { sql, transaction, ...counters, close: () => sql.close() };
}
