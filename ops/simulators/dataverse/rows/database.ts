import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { folded } from "./fold.ts";

const tables = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS definition (kind TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS key_entry (key TEXT, folded TEXT, id TEXT NOT NULL, PRIMARY KEY (key, folded)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reference (target TEXT, source TEXT, field TEXT, id TEXT, PRIMARY KEY (target, source, field, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS link (relationship TEXT, one TEXT, two TEXT, PRIMARY KEY (relationship, one, two)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS deletion (source TEXT, id TEXT, version INTEGER NOT NULL, PRIMARY KEY (source, id)) WITHOUT ROWID;
`;

/** The environment's SQLite file and the one way to change it. */
export interface Database {
  readonly sql: DatabaseSync;
  /** Runs work in a transaction (inside another one: a savepoint); a throw undoes it. */
  transaction<T>(work: () => T): T;
  /** How many transactions were undone since the start: what was read within them is no longer so. */
  undone(): number;
  /** Asks to be told when a transaction (or a part of one) was undone. */
  onUndo(listener: () => void): void;
  close(): void;
}

/** Opens (or makes) `environment.sqlite` in a folder; a killed process loses at most the transaction under way. */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const sql = new DatabaseSync(join(folder, "environment.sqlite"));
  sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -24000");
  sql.exec("PRAGMA locking_mode = EXCLUSIVE");
  // Indexes of texts are made with it, so it is known before any table is touched.
  sql.function("folded", { deterministic: true }, (text) =>
    typeof text === "string" ? folded(text) : null,
  );
  sql.exec(tables);
  let depth = 0;
  let undone = 0;
  const listeners: (() => void)[] = [];
  const transaction = <T>(work: () => T): T => {
    const inner = depth > 0;
    const name = `level_${depth}`;
    sql.exec(inner ? `SAVEPOINT ${name}` : "BEGIN IMMEDIATE");
    depth += 1;
    try {
      const result = work();
      sql.exec(inner ? `RELEASE ${name}` : "COMMIT");
      return result;
    } catch (error) {
      undone += 1;
      sql.exec(inner ? `ROLLBACK TO ${name}; RELEASE ${name}` : "ROLLBACK");
      for (const listener of listeners) listener();
      throw error;
    } finally {
      depth -= 1;
    }
  };
  const onUndo = (listener: () => void): void => void listeners.push(listener);
  return { sql, transaction, undone: () => undone, onUndo, close: () => sql.close() };
}
