import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type SourceEntity, sourceEntities } from "../core/source-record.ts";
import { Aliases } from "./aliases.ts";
import { Census } from "./census.ts";
import { JobCountTable } from "./job-counts.ts";
import { RejectedRows } from "./rejected-rows.ts";
import type { LifeState } from "./death.ts";
import { entityCode, storeSchema, storeVersion } from "./store-schema.ts";

const tables = ["record", "naming", "alias", "rejected", "fact", "census", "job_count"] as const;
const states: readonly LifeState[] = ["alive", "dead", "with_parent"];

/** What is known of one record: the version last written, and when it was last read. */
export interface Stored {
  readonly hash: string;
  readonly own: string;
  /** When the request of the last accepted read was started, by our clock. */
  readonly readAt: number;
  readonly state: LifeState;
  /** A root written before its members' streams had ended. */
  readonly pending: boolean;
  /** `entity id` of every record this one names, as the index holds it. */
  readonly names: string;
  /** What a job counts as and for whom, see `countedAs`. */
  readonly counted: string;
  /** The framed Avro value as last written. */
  readonly body: Buffer;
}

/** A record's name in the store. */
export interface RecordName {
  readonly entity: SourceEntity;
  readonly id: string;
}

interface Row {
  hash: string;
  own: string;
  read_at: number;
  state: number;
  pending: number;
  names: string;
  counted: string;
  body: Uint8Array;
}

/**
 * The poller's memory of what it has written. A cache whose truth is the source topics: its
 * transaction commits after Kafka's, and what it has lost is read again from there.
 */
export class SourceStore {
  readonly aliases: Aliases;
  readonly census: Census;
  readonly jobCounts: JobCountTable;
  readonly rejected: RejectedRows;
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#db = new DatabaseSync(join(folder, "source-store.sqlite"));
    // Exclusive: a second poller of the same migration fails here. Not synced: Kafka is the truth.
    this.#db.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; " +
        "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 2000;",
    );
    this.#makeTables();
    this.aliases = new Aliases((sql) => this.#statement(sql));
    this.census = new Census((sql) => this.#statement(sql));
    this.jobCounts = new JobCountTable((sql) => this.#statement(sql));
    this.rejected = new RejectedRows((sql) => this.#statement(sql));
  }

  #makeTables(): void {
    const version = this.#db.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version !== storeVersion) {
      for (const table of tables) this.#db.exec(`DROP TABLE IF EXISTS ${table}`);
      this.#db.exec(`PRAGMA user_version = ${storeVersion}`);
    }
    this.#db.exec(storeSchema);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  begin(): void {
    this.#db.exec("BEGIN");
  }

  commit(): void {
    this.#db.exec("COMMIT");
  }

  rollback(): void {
    this.#db.exec("ROLLBACK");
  }

  get(entity: SourceEntity, id: string): Stored | undefined {
    const row = this.#statement(
      "SELECT hash, own, read_at, state, pending, names, counted, body FROM record WHERE entity = ? AND id = ?",
    ).get(entityCode(entity), id) as unknown as Row | undefined;
    if (row === undefined) return undefined;
    const { hash, own, names, counted, body } = row;
    return {
      hash,
      own,
      names,
      counted,
      readAt: row.read_at,
      state: states[row.state] as LifeState,
      pending: row.pending === 1,
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    };
  }

  /**
   * Keeps the version just written; `before` is what `get` said. Composed anew without being read,
   * a record that censuses have missed stays missed.
   */
  put(entity: SourceEntity, id: string, now: Stored, before: Stored | undefined): void {
    const code = entityCode(entity);
    this.#statement(
      `INSERT INTO record (entity, id, hash, own, read_at, state, pending, names, counted, body, misses)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT (entity, id) DO UPDATE SET hash = excluded.hash, own = excluded.own,
         read_at = excluded.read_at, state = excluded.state, pending = excluded.pending,
         names = excluded.names, counted = excluded.counted, body = excluded.body,
         misses = CASE WHEN excluded.read_at > read_at THEN 0 ELSE misses END`,
    ).run(
      code,
      id,
      now.hash,
      now.own,
      now.readAt,
      states.indexOf(now.state),
      now.pending ? 1 : 0,
      now.names,
      now.counted,
      now.body,
    );
    this.jobCounts.move(before?.counted ?? "", now.counted);
    if (before?.names === now.names) return;
    for (const name of namesOf(before?.names ?? "")) {
      this.#statement(
        "DELETE FROM naming WHERE target = ? AND target_id = ? AND entity = ? AND id = ?",
      ).run(entityCode(name.entity), name.id, code, id);
    }
    for (const name of namesOf(now.names)) {
      this.#statement("INSERT OR IGNORE INTO naming VALUES (?, ?, ?, ?)").run(
        entityCode(name.entity),
        name.id,
        code,
        id,
      );
    }
  }

  /** The record was read again and has not changed. */
  seen(entity: SourceEntity, id: string, readAt: number): void {
    this.#statement(
      "UPDATE record SET read_at = max(read_at, ?), misses = 0 WHERE entity = ? AND id = ?",
    ).run(readAt, entityCode(entity), id);
  }

  /** Whom a record names, as the index holds it; empty where there is no such record. */
  names(entity: SourceEntity, id: string): string {
    const sql = "SELECT names FROM record WHERE entity = ? AND id = ?";
    return String(this.#statement(sql).get(entityCode(entity), id)?.["names"] ?? "");
  }

  /** What a record counts as, see `countedAs`. */
  counted(entity: SourceEntity, id: string): string {
    const sql = "SELECT counted FROM record WHERE entity = ? AND id = ?";
    return String(this.#statement(sql).get(entityCode(entity), id)?.["counted"] ?? "");
  }

  /** Living records of an entity behind an id, in the ids' order. */
  living(entity: SourceEntity, after: string, limit: number): string[] {
    const sql =
      "SELECT id FROM record WHERE entity = ? AND id > ? AND state = 0 ORDER BY id LIMIT ?";
    const rows = this.#statement(sql).all(entityCode(entity), after, limit);
    return rows.map((row) => row["id"] as string);
  }

  /** Records that name this one. */
  naming({ entity, id }: RecordName, by?: SourceEntity): RecordName[] {
    const rows = this.#statement(
      `SELECT entity, id FROM naming WHERE target = ? AND target_id = ?${by ? " AND entity = ?" : ""}`,
    ).all(...[entityCode(entity), id], ...(by ? [entityCode(by)] : [])) as unknown as {
      entity: number;
      id: string;
    }[];
    return rows.map((row) => ({ entity: sourceEntities[row.entity] as SourceEntity, id: row.id }));
  }

  /** Roots that were written before their members' streams had ended. */
  pending(entity: SourceEntity, limit: number): string[] {
    const rows = this.#statement(
      "SELECT id FROM record WHERE pending = 1 AND entity = ? LIMIT ?",
    ).all(entityCode(entity), limit);
    return rows.map((row) => row["id"] as string);
  }

  /** A small fact, or undefined. */
  fact(name: string): string | undefined {
    return this.#statement("SELECT value FROM fact WHERE name = ?").get(name)?.["value"] as
      | string
      | undefined;
  }

  setFact(name: string, value: string): void {
    this.#statement("INSERT OR REPLACE INTO fact VALUES (?, ?)").run(name, value);
  }

  /** Forgets everything: the topics it stood for are not there, or are others. */
  empty(): void {
    for (const table of tables) this.#db.exec(`DELETE FROM ${table}`);
  }

  close(): void {
    this.#prepared.clear();
    this.#db.close();
  }
}

/** The records a `names` text lists. */
export function* namesOf(names: string): Generator<RecordName> {
  if (names === "") return;
  for (const line of names.split("\n")) {
    const blank = line.indexOf(" ");
    yield { entity: line.slice(0, blank) as SourceEntity, id: line.slice(blank + 1) };
  }
}
