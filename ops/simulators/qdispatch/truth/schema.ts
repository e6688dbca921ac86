import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Opens (and creates) the ledger's database in a folder; one simulator owns it. */
export function openDatabase(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, "truth.sqlite"));
  // A killed process loses nothing with NORMAL; only a power cut might, and then the rehearsal starts again anyway.
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000");
  db.exec(`
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS bearer (hash TEXT PRIMARY KEY, scopes TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS changes (
      seq INTEGER PRIMARY KEY, entity TEXT NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL,
      row TEXT NOT NULL, commit_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, before INTEGER);
    CREATE TABLE IF NOT EXISTS current (
      entity TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, kind_before INTEGER,
      commit_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, owner TEXT, PRIMARY KEY (entity, id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS current_by_seq ON current (entity, seq);
    CREATE INDEX IF NOT EXISTS current_dead ON current (entity, kind, seq) WHERE kind > 0;
    CREATE INDEX IF NOT EXISTS current_by_owner ON current (owner) WHERE owner IS NOT NULL;
    CREATE INDEX IF NOT EXISTS current_by_time ON current (entity, commit_at, seq);
  `);
  return db;
}

/** Removes every row of a ledger whose making was cut off. */
export function emptyDatabase(db: DatabaseSync): void {
  db.exec("DELETE FROM meta; DELETE FROM changes; DELETE FROM current");
}
