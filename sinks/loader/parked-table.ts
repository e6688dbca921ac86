import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Parked } from "../../pipeline/core/generated/records.ts";
import type { RowId } from "./taken.ts";
import { rowId } from "./taken.ts";

/** What is looked at before a parked record is woken. */
export interface ParkedFacts {
  readonly object: string;
  readonly run: number;
  readonly offset: number;
  readonly reason: string;
  /** Rows the parked version refers to. */
  readonly references: readonly RowId[];
}

/** The cache of the parked topic: who waits, for what, and who is referred to meanwhile. */
export class ParkedTable {
  readonly #db: DatabaseSync;
  readonly #get: StatementSync;
  readonly #value: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #refer: StatementSync;
  readonly #unrefer: StatementSync;
  readonly #holder: StatementSync;
  readonly #waiting: StatementSync;
  readonly #due: StatementSync;
  readonly #postpone: StatementSync;
  readonly #any: StatementSync;
  /** Whether nobody waits, which is usual and makes every question needless; undefined: not known. */
  #empty: boolean | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#get = db.prepare('SELECT object, run, "offset", reason, refs FROM parked WHERE id = ?');
    this.#value = db.prepare("SELECT value FROM parked WHERE id = ?");
    this.#put = db.prepare("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#remove = db.prepare("DELETE FROM parked WHERE id = ?");
    this.#refer = db.prepare("INSERT OR IGNORE INTO parked_reference VALUES (?, ?)");
    this.#unrefer = db.prepare("DELETE FROM parked_reference WHERE target = ? AND holder = ?");
    this.#holder = db.prepare(
      "SELECT holder FROM parked_reference WHERE target = ? AND holder <> ? LIMIT 1",
    );
    this.#waiting = db.prepare("SELECT id FROM parked WHERE waits = ? ORDER BY id");
    this.#due = db.prepare(
      "SELECT id FROM parked WHERE next_try IS NOT NULL AND next_try <= ? ORDER BY next_try LIMIT ?",
    );
    this.#any = db.prepare("SELECT 1 FROM parked LIMIT 1");
    this.#postpone = db.prepare("UPDATE parked SET next_try = ? WHERE id = ?");
  }

  get(id: RowId): ParkedFacts | undefined {
    if (this.#isEmpty()) return undefined;
    const row = this.#get.get(id);
    if (row === undefined) return undefined;
    const refs = row["refs"] as string;
    return {
      object: row["object"] as string,
      run: row["run"] as number,
      offset: row["offset"] as number,
      reason: row["reason"] as string,
      references: refs === "" ? [] : refs.split("\n"),
    };
  }

  /** The framed parked record. */
  value(id: RowId): Buffer | undefined {
    const row = this.#value.get(id);
    return row === undefined ? undefined : Buffer.from(row["value"] as Uint8Array);
  }

  put(value: Parked, framed: Buffer, references: readonly RowId[]): void {
    const id = rowId(value.object, value.key);
    this.remove(id);
    this.#empty = false;
    const waits =
      value.waits_for_object === null || value.waits_for_key === null
        ? null
        : rowId(value.waits_for_object, value.waits_for_key);
    this.#put.run(
      id,
      value.object,
      value.version.run,
      value.version.offset,
      value.reason,
      waits,
      value.next_try_at,
      references.join("\n"),
      framed,
    );
    for (const target of references) this.#refer.run(target, id);
  }

  remove(id: RowId): void {
    const before = this.get(id);
    if (before === undefined) return;
    for (const target of before.references) this.#unrefer.run(target, id);
    this.#remove.run(id);
    this.forget();
  }

  /** What was remembered may not be so: a transaction came to nothing, or all is forgotten. */
  forget(): void {
    this.#empty = undefined;
  }

  #isEmpty(): boolean {
    this.#empty ??= this.#any.get() === undefined;
    return this.#empty;
  }

  /** A parked record, other than the target's own, that refers to the target. */
  holderOf(target: RowId): RowId | undefined {
    if (this.#isEmpty()) return undefined;
    return this.#holder.get(target, target)?.["holder"] as RowId | undefined;
  }

  waitingFor(target: RowId): readonly RowId[] {
    if (this.#isEmpty()) return [];
    return this.#waiting.all(target).map((row) => row["id"] as RowId);
  }

  /** Those whose parent stands by now: a loader that died between its end and their waking left them. */
  overdue(): readonly RowId[] {
    return this.#db
      .prepare(
        `SELECT parked.id FROM parked JOIN identity ON identity.id = parked.waits
         WHERE parked.reason <> 'still_referenced' AND identity.destination_id IS NOT NULL
           AND identity.deleted = 0 AND identity.rolled_back = 0
         UNION SELECT id FROM parked WHERE reason = 'still_referenced'`,
      )
      .all()
      .map((row) => row["id"] as RowId);
  }

  due(at: number, most: number): readonly RowId[] {
    return this.#due.all(at, most).map((row) => row["id"] as RowId);
  }

  /** Not worth a record: after a restart it is merely tried sooner. */
  postpone(id: RowId, at: number): void {
    this.#postpone.run(at, id);
  }

  withReason(reason: string): readonly RowId[] {
    return this.#db
      .prepare("SELECT id FROM parked WHERE reason = ?")
      .all(reason)
      .map((row) => row["id"] as RowId);
  }

  ids(): readonly RowId[] {
    return this.#db
      .prepare("SELECT id FROM parked")
      .all()
      .map((row) => row["id"] as RowId);
  }

  counts(): readonly { object: string; reason: string; count: number }[] {
    return this.#db
      .prepare("SELECT object, reason, count(*) AS count FROM parked GROUP BY object, reason")
      .all() as unknown as { object: string; reason: string; count: number }[];
  }
}
