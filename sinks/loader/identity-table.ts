import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Identity } from "../../pipeline/core/generated/records.ts";
import type { RowId, RowReference } from "./taken.ts";
import { rowId, splitId } from "./taken.ts";

/** What the loader knows of one destination row. */
export interface KnownRow {
  readonly sourceId: string;
  readonly destinationId: string | null;
  readonly moreIds: readonly string[];
  readonly run: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly ended: string;
  readonly hash: string | null;
  readonly references: readonly RowReference[];
  /** What the record names and the row was loaded without, because it was deleted. */
  readonly cleared: readonly RowReference[];
  readonly origin: string;
  readonly preimage: boolean;
  readonly deleted: boolean;
}

/** Whether a row stands at the destination. */
export function isAlive(row: KnownRow | undefined): row is KnownRow & { destinationId: string } {
  return row !== undefined && row.destinationId !== null && !row.deleted;
}

/** Rows remembered as last read: a parent is asked for by each of its children, a row at each of its steps. */
const mostRecent = 4096;

/** The cache of the identity topic, and who refers to whom as last loaded. */
export class IdentityTable {
  readonly #recent = new Map<RowId, KnownRow | undefined>();
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #reference: Index;
  readonly #cleared: Index;
  readonly #holder: StatementSync;
  readonly #without: StatementSync;
  readonly #unwritten: StatementSync;
  readonly #claim: { put: StatementSync; remove: StatementSync; get: StatementSync };
  readonly #claimed: ReadonlySet<string>;

  /** `claimed`: objects whose rows carry no key of ours, so that it must be known who has which. */
  constructor(db: DatabaseSync, claimed: ReadonlySet<string>) {
    this.#claimed = claimed;
    this.#get = db.prepare(
      `SELECT source_id, destination_id, more_ids, run, topic, "partition", "offset", ended, hash, refs, cleared, origin,
       preimage, deleted, rolled_back FROM identity WHERE id = ?`,
    );
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#reference = indexOf(db, "reference");
    this.#cleared = indexOf(db, "cleared");
    this.#without = db.prepare(
      `SELECT i.source_id, i.topic FROM cleared c JOIN identity i ON i.id = c.holder WHERE c.target = ?`,
    );
    this.#holder = db.prepare(
      "SELECT holder FROM reference WHERE target = ? AND holder <> ? LIMIT 1",
    );
    this.#unwritten = db.prepare(
      `SELECT id, source_id, topic FROM identity WHERE id > ? AND id < ? AND ended = 'unchanged'
       AND destination_id IS NULL AND deleted = 0 AND rolled_back = 0`,
    );
    this.#claim = {
      put: db.prepare("INSERT OR REPLACE INTO claim VALUES (?, ?)"),
      remove: db.prepare("DELETE FROM claim WHERE id = ? AND holder = ?"),
      get: db.prepare("SELECT holder FROM claim WHERE id = ?"),
    };
  }

  get(id: RowId): KnownRow | undefined {
    const recent = this.#recent.get(id);
    if (recent !== undefined || this.#recent.has(id)) return recent;
    const row = this.#read(id);
    if (this.#recent.size >= mostRecent) this.#recent.delete(firstOf(this.#recent.keys()));
    this.#recent.set(id, row);
    return row;
  }

  /** What was remembered may not be so: a transaction came to nothing, or all is forgotten. */
  forget(): void {
    this.#recent.clear();
  }

  #read(id: RowId): KnownRow | undefined {
    const row = this.#get.get(id);
    if (row === undefined) return undefined;
    const rolledBack = row["rolled_back"] === 1;
    return {
      sourceId: row["source_id"] as string,
      // Rolled back is as if never loaded.
      destinationId: rolledBack ? null : (row["destination_id"] as string | null),
      moreIds: rolledBack ? [] : idsOf(row["more_ids"] as string),
      run: row["run"] as number,
      topic: row["topic"] as string,
      partition: row["partition"] as number,
      offset: row["offset"] as number,
      ended: row["ended"] as string,
      hash: rolledBack ? null : (row["hash"] as string | null),
      references: parse(row["refs"] as string),
      cleared: parse(row["cleared"] as string),
      origin: row["origin"] as string,
      preimage: row["preimage"] === 1,
      deleted: row["deleted"] === 1,
    };
  }

  put(value: Identity): void {
    const id = rowId(value.object, value.key);
    const references = value.deleted ? [] : value.references;
    const cleared = value.deleted ? [] : value.cleared;
    const before = this.get(id);
    refresh(this.#reference, id, before?.references ?? [], references);
    refresh(this.#cleared, id, before?.cleared ?? [], cleared);
    if (this.#claimed.has(value.object)) this.#reclaim(id, value);
    this.#put.run(
      id,
      value.source_id,
      value.destination_id,
      value.more_ids.join(" "),
      value.version.run,
      value.version.topic,
      value.version.partition,
      value.version.offset,
      value.ended,
      value.hash,
      format(references),
      format(cleared),
      value.origin,
      Number(value.preimage),
      Number(value.deleted),
      Number(value.rolled_back),
    );
    this.#recent.delete(id);
  }

  /** A row, other than the target itself, that refers to the target as last loaded. */
  holderOf(target: RowId): RowId | undefined {
    return this.#holder.get(target, target)?.["holder"] as RowId | undefined;
  }

  /** Source ids and topics of rows that were loaded without this one, because it was deleted. */
  loadedWithout(target: RowId): readonly { readonly sourceId: string; readonly topic: string }[] {
    return this.#without.all(target).map((row) => ({
      sourceId: row["source_id"] as string,
      topic: row["topic"] as string,
    }));
  }

  /** The row that holds a destination id, of the objects whose ids are claimed. */
  claimedBy(object: string, destinationId: string): RowId | undefined {
    return this.#claim.get.get(`${object}|${destinationId}`)?.["holder"] as RowId | undefined;
  }

  /** Records of an object that have ended although no row stands for them, and none is to be deleted. */
  unwritten(object: string): readonly { key: string; sourceId: string; topic: string }[] {
    return this.#unwritten.all(rowId(object, ""), rowId(object, "\u{10ffff}")).map((row) => ({
      key: splitId(row["id"] as RowId).key,
      sourceId: row["source_id"] as string,
      topic: row["topic"] as string,
    }));
  }

  #reclaim(id: RowId, value: Identity): void {
    const before = this.get(id);
    const name = (destinationId: string): string => `${value.object}|${destinationId}`;
    for (const each of idsHeld(before)) this.#claim.remove.run(name(each), id);
    if (value.deleted || value.rolled_back || value.destination_id === null) return;
    for (const each of [value.destination_id, ...value.more_ids]) {
      this.#claim.put.run(name(each), id);
    }
  }
}

/** Who names whom. */
interface Index {
  readonly add: StatementSync;
  readonly remove: StatementSync;
}

function indexOf(db: DatabaseSync, table: "reference" | "cleared"): Index {
  return {
    add: db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?)`),
    remove: db.prepare(`DELETE FROM ${table} WHERE target = ? AND holder = ?`),
  };
}

function refresh(
  index: Index,
  holder: RowId,
  before: readonly RowReference[],
  now: readonly RowReference[],
): void {
  if (format(before) === format(now)) return;
  for (const { object, key } of before) index.remove.run(rowId(object, key), holder);
  for (const { object, key } of now) index.add.run(rowId(object, key), holder);
}

function firstOf<T>(items: Iterable<T>): T {
  const [first] = items;
  return first as T;
}

function idsHeld(row: KnownRow | undefined): readonly string[] {
  return row === undefined || row.destinationId === null ? [] : [row.destinationId, ...row.moreIds];
}

function idsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

/** References in one text: most rows have one or two, and JSON would cost more than the row. */
function format(references: readonly RowReference[]): string {
  return references.map(({ field, object, key }) => `${field}\t${object}\t${key}`).join("\n");
}

function parse(text: string): RowReference[] {
  if (text === "") return [];
  return text.split("\n").map((line) => {
    const [field, object, key] = line.split("\t") as [string, string, string];
    return { field, object, key };
  });
}
