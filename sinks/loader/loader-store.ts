import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Identity, Parked, Preimage } from "../../pipeline/core/generated/records.ts";
import { IdentityTable } from "./identity-table.ts";
import { ParkedTable } from "./parked-table.ts";
import type { Plans } from "./plans.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";

const layout = 4;

/**
 * The loader's memory on disk: a cache of identity, request, parked and preimage. Its transaction
 * opens with Kafka's and commits after it, so it never knows more than the topics; lost, it is
 * rebuilt from them.
 */
export class LoaderStore {
  readonly #db: DatabaseSync;
  readonly identity: IdentityTable;
  readonly parked: ParkedTable;
  readonly #preimage: { put: StatementSync; get: StatementSync; remove: StatementSync };
  readonly #request: { put: StatementSync; remove: StatementSync };
  readonly #takenOver: { put: StatementSync; get: StatementSync };
  readonly #plans: Pick<Plans, "ruleNames">;
  readonly #scanned: StatementSync;
  readonly #position: StatementSync;

  /**
   * Opens the store of one migration, exclusively; another process holding it is an error. The plans
   * say of which objects it must be known who holds which destination id, and by which rules rows
   * are found.
   */
  constructor(folder: string, plans: Pick<Plans, "claimed" | "ruleNames">) {
    mkdirSync(folder, { recursive: true });
    this.#db = openDatabase(join(folder, "loader.sqlite"));
    this.#plans = plans;
    this.identity = new IdentityTable(this.#db, plans.claimed);
    this.parked = new ParkedTable(this.#db);
    this.#preimage = {
      put: this.#db.prepare("INSERT OR REPLACE INTO preimage VALUES (?, ?)"),
      get: this.#db.prepare("SELECT value FROM preimage WHERE id = ?"),
      remove: this.#db.prepare("DELETE FROM preimage WHERE id = ?"),
    };
    this.#request = {
      put: this.#db.prepare("INSERT OR REPLACE INTO request VALUES (?, ?)"),
      remove: this.#db.prepare("DELETE FROM request WHERE id = ?"),
    };
    this.#takenOver = {
      put: this.#db.prepare("INSERT OR REPLACE INTO taken_over VALUES (?, ?)"),
      get: this.#db.prepare("SELECT destination_id FROM taken_over WHERE rule = ?"),
    };
    this.#scanned = this.#db.prepare("INSERT OR IGNORE INTO scanned VALUES (?)");
    this.#position = this.#db.prepare("INSERT OR REPLACE INTO position VALUES (?, ?, ?)");
  }

  begin(): void {
    this.#db.exec("BEGIN IMMEDIATE");
  }

  commit(): void {
    this.#db.exec("COMMIT");
  }

  rollback(): void {
    if (!this.#db.isTransaction) return;
    this.#db.exec("ROLLBACK");
    this.#forget();
  }

  /** The tables remember nothing of what did not become so. */
  #forget(): void {
    this.identity.forget();
    this.parked.forget();
  }

  putIdentity(value: Identity): void {
    this.identity.put(value);
  }

  putParked(value: Parked, framed: Buffer, references: readonly string[]): void {
    this.parked.put(value, framed, references);
  }

  putPreimage(value: Preimage): void {
    this.#preimage.put.run(`${value.object}|${value.destination_id}`, JSON.stringify(value));
    if (value.key !== "") return;
    for (const rule of this.#plans.ruleNames(value.object, value.fields)) {
      this.#takenOver.put.run(rule, value.destination_id);
    }
  }

  /** The row a rule of this name found before one of ours took it over. */
  takenOver(rule: string): string | undefined {
    return this.#takenOver.get.get(rule)?.["destination_id"] as string | undefined;
  }

  preimage(object: string, destinationId: string): Preimage | undefined {
    const row = this.#preimage.get.get(`${object}|${destinationId}`);
    return row === undefined ? undefined : (JSON.parse(row["value"] as string) as Preimage);
  }

  /** After a refused first write the pre-image is taken anew. */
  dropPreimage(object: string, destinationId: string): void {
    this.#preimage.remove.run(`${object}|${destinationId}`);
  }

  /** Keeps an open request, framed; an ended one leaves. */
  putRequest(id: string, framed: Buffer, open: boolean): void {
    if (open) this.#request.put.run(id, framed);
    else this.#request.remove.run(id);
  }

  openRequests(): readonly Buffer[] {
    return this.#db
      .prepare("SELECT value FROM request")
      .all()
      .map((row) => Buffer.from(row["value"] as Uint8Array));
  }

  /** The rows of this object that were there before our first insert are known. */
  scanned(object: string): void {
    this.#scanned.run(object);
  }

  scannedObjects(): readonly string[] {
    return this.#db
      .prepare("SELECT object FROM scanned")
      .all()
      .map((row) => row["object"] as string);
  }

  /** Up to where the state topics have been read into this store. */
  positions(): readonly TopicOffset[] {
    return this.#db
      .prepare("SELECT topic, partition, offset FROM position")
      .all() as unknown as TopicOffset[];
  }

  putPositions(positions: readonly TopicOffset[]): void {
    for (const { topic, partition, offset } of positions)
      this.#position.run(topic, partition, offset);
  }

  /** Forgets everything: the topics are not the ones it was made from. */
  clear(): void {
    for (const table of tables) this.#db.exec(`DELETE FROM ${table}`);
    this.#forget();
  }

  close(): void {
    this.#db.close();
  }
}

const tables = [
  "identity",
  "reference",
  "cleared",
  "claim",
  "parked",
  "parked_reference",
  "preimage",
  "taken_over",
  "request",
  "scanned",
  "position",
];

/** Opens the file; one that is damaged, or of another layout, is worth nothing and made anew. */
function openDatabase(path: string): DatabaseSync {
  const db = usable(path) ?? usable(path);
  if (db !== undefined) return db;
  throw new CutoverError("CONFIG_INVALID", `The loader's store ${path} cannot be made.`);
}

function usable(path: string): DatabaseSync | undefined {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  try {
    prepare(db);
    const row = db.prepare("PRAGMA user_version").get() as { user_version: number };
    if (row.user_version === layout || row.user_version === 0) {
      db.exec(schema);
      db.exec(`PRAGMA user_version = ${layout}`);
      return db;
    }
  } catch (error) {
    if (!damaged.has((error as { errcode?: number }).errcode ?? 0)) {
      db.close();
      throw new CutoverError(
        "CONFIG_INVALID",
        `Another process holds the loader's store ${path}.`,
        {
          cause: error,
        },
      );
    }
  }
  db.close();
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
  return undefined;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damaged = new Set([11, 26]);

/** It is a cache: what a power cut takes is read again, so no commit waits for the disk. */
function prepare(db: DatabaseSync): void {
  db.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -4000;
    PRAGMA temp_store = MEMORY;
  `);
}

const schema = `
  CREATE TABLE IF NOT EXISTS identity (
    id TEXT PRIMARY KEY, source_id TEXT, destination_id TEXT, more_ids TEXT, run INTEGER, topic TEXT,
    "partition" INTEGER, "offset" INTEGER, ended TEXT, hash TEXT, refs TEXT, cleared TEXT, origin TEXT,
    preimage INTEGER, deleted INTEGER, rolled_back INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reference (target TEXT, holder TEXT, PRIMARY KEY (target, holder)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cleared (target TEXT, holder TEXT, PRIMARY KEY (target, holder)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS claim (id TEXT PRIMARY KEY, holder TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parked (
    id TEXT PRIMARY KEY, object TEXT, run INTEGER, "offset" INTEGER, reason TEXT, waits TEXT,
    next_try INTEGER, refs TEXT, value BLOB
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS parked_waits ON parked (waits) WHERE waits IS NOT NULL;
  CREATE INDEX IF NOT EXISTS parked_next ON parked (next_try) WHERE next_try IS NOT NULL;
  CREATE TABLE IF NOT EXISTS parked_reference (target TEXT, holder TEXT, PRIMARY KEY (target, holder)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS preimage (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS taken_over (rule TEXT PRIMARY KEY, destination_id TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS scanned (object TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS position (topic TEXT, "partition" INTEGER, "offset" INTEGER, PRIMARY KEY (topic, "partition")) WITHOUT ROWID;
`;
