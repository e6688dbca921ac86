import { type SourceEntity, sourceEntities } from "../core/source-record.ts";

/** A store of another version is made anew: it is a cache. */
export const storeVersion = 2;

/** Tables of the source store; entities are numbers, because they stand in every key. */
export const storeSchema = `
  CREATE TABLE IF NOT EXISTS record (
    n INTEGER PRIMARY KEY, entity INTEGER NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, own TEXT NOT NULL,
    read_at INTEGER NOT NULL, state INTEGER NOT NULL, pending INTEGER NOT NULL, misses INTEGER NOT NULL,
    names TEXT NOT NULL, counted TEXT NOT NULL, body BLOB NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS record_key ON record (entity, id);
  CREATE INDEX IF NOT EXISTS record_pending ON record (entity) WHERE pending = 1;
  CREATE TABLE IF NOT EXISTS naming (
    target INTEGER NOT NULL, target_id TEXT NOT NULL, entity INTEGER NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (target, target_id, entity, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS alias (
    entity INTEGER NOT NULL, loser TEXT NOT NULL, winner TEXT NOT NULL, PRIMARY KEY (entity, loser)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS rejected (
    entity INTEGER NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS job_count (
    customer TEXT PRIMARY KEY, open INTEGER NOT NULL, closed INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS census (
    entity INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** An entity's number in the store. */
export function entityCode(entity: SourceEntity): number {
  return sourceEntities.indexOf(entity);
}
