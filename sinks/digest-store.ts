import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SHA-256 of files read back, by the version that held them: a version's bytes never change. */
export interface DigestStore {
  /** In hex; undefined where that version was not read. */
  get(version: string, stamp: string): string | undefined;
  put(version: string, stamp: string, digest: string): void;
  close(): void;
}

/** `path`: where they are remembered; without one, for as long as the process lives. */
export function openDigestStore(path: string | undefined): DigestStore {
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path ?? ":memory:");
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS digest (version TEXT, checksum TEXT, sha256 TEXT,
      PRIMARY KEY (version, checksum)) WITHOUT ROWID`);
  const get = db.prepare("SELECT sha256 FROM digest WHERE version = ? AND checksum = ?");
  const put = db.prepare("INSERT OR REPLACE INTO digest VALUES (?, ?, ?)");
  return {
    get: (version, stamp) => get.get(version, stamp)?.["sha256"] as string | undefined,
    put: (version, stamp, digest) => void put.run(version, stamp, digest),
    close: () => db.close(),
  };
}
