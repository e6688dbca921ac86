import type { DatabaseSync } from "node:sqlite";
import { type Entity, ownerOf, type Row } from "./row.ts";

/** How a version ends up in the ledger: alive, deleted with a trace in the feed, or gone without one. */
export const versionKinds = { alive: 0, deleted: 1, gone: 2 } as const;

/** What happened to a record. */
export type VersionKind = keyof typeof versionKinds;

/** One version of one record. */
export interface Version {
  readonly seq: number;
  readonly id: string;
  readonly kind: VersionKind;
  readonly row: Row;
  readonly commitAt: number;
}

/** The only writer of the truth: an append-only list of changes and the newest version of each record. */
export interface Ledger {
  /** Appends a version; a deleted one carries the last body. Returns its sequence number. */
  append(entity: Entity, row: Row, options: AppendOptions): number;
  /** The newest version, whether or not it is visible yet. */
  newest(entity: Entity, id: string): Version | undefined;
  /** Runs many appends as one transaction. */
  together<T>(work: () => T): T;
  /** The last sequence number given out. */
  lastSeq(): number;
  /** Reads again where the ledger stands, after it was emptied. */
  restart(): void;
}

/** When and how a version is committed. */
export interface AppendOptions {
  readonly kind?: VersionKind;
  readonly commitAt: number;
  /** Seen by readers from this moment on; the commit time where not given. */
  readonly visibleAt?: number;
}

interface Stored {
  seq: number;
  id: string;
  kind: number;
  row: string;
  commit_at: number;
}

/** A stored version as the rest of the simulator sees it. */
export function versionOf(stored: Stored): Version {
  const row = JSON.parse(stored.row) as Row;
  const kind = kindOf(stored.kind);
  return { seq: stored.seq, id: stored.id, kind, row, commitAt: stored.commit_at };
}

/** The kind of a stored code. */
export function kindOf(code: number): VersionKind {
  return code === versionKinds.alive ? "alive" : code === versionKinds.deleted ? "deleted" : "gone";
}

/** The ledger over an open database. */
export function ledgerOf(db: DatabaseSync): Ledger {
  let seq = lastIn(db);
  let depth = 0;
  const insert = db.prepare(
    "INSERT INTO changes (seq, entity, id, kind, row, commit_at, visible_at, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const before = db.prepare("SELECT seq, kind FROM current WHERE entity = ? AND id = ?");
  const put = db.prepare(
    `INSERT INTO current (entity, id, seq, kind, kind_before, commit_at, visible_at, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, kind = excluded.kind, kind_before = excluded.kind_before,
       commit_at = excluded.commit_at, visible_at = excluded.visible_at, owner = excluded.owner`,
  );
  const newest = db.prepare(
    "SELECT h.* FROM current c JOIN changes h ON h.seq = c.seq WHERE c.entity = ? AND c.id = ?",
  );
  const together = <T>(work: () => T): T => {
    if (depth > 0) return work();
    depth += 1;
    const start = seq;
    db.exec("BEGIN");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      db.exec("ROLLBACK");
      seq = start;
      throw error;
    } finally {
      depth -= 1;
    }
  };
  return {
    append(entity, row, { kind = "alive", commitAt, visibleAt = commitAt }) {
      return together(() => {
        seq += 1;
        const old = before.get(entity, row.id) as { seq: number; kind: number } | undefined;
        const [code, text] = [versionKinds[kind], JSON.stringify(row)];
        insert.run(seq, entity, row.id, code, text, commitAt, visibleAt, old?.seq ?? null);
        const owner = ownerOf(entity, row);
        put.run(entity, row.id, seq, code, old?.kind ?? null, commitAt, visibleAt, owner);
        return seq;
      });
    },
    newest(entity, id) {
      const stored = newest.get(entity, id) as Stored | undefined;
      return stored && versionOf(stored);
    },
    together,
    lastSeq: () => seq,
    restart() {
      seq = lastIn(db);
    },
  };
}

function lastIn(db: DatabaseSync): number {
  const last = db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM changes").get();
  return (last as { seq: number }).seq;
}
