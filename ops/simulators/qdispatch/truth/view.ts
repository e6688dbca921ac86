import type { DatabaseSync } from "node:sqlite";
import { kindOf, type Version, type VersionKind, versionKinds, versionOf } from "./ledger.ts";
import type { Entity } from "./row.ts";

/** What readers of the tenant can see at a moment; dialects serve nothing but this. */
export interface View {
  /** Newest versions in ledger order, behind `after`, committed at or after `since`. */
  changesAfter(entity: Entity, options: ChangesAfter): Version[];
  /** The newest visible version of one record; a record gone without a trace is not there. */
  byId(entity: Entity, id: string, now: number): Version | undefined;
  /** Ids of living records in a stable order. */
  living(entity: Entity, options: { now: number; offset: number; limit: number }): string[];
  livingCount(entity: Entity, now: number): number;
  /** The last sequence number whose commit is at least so old. */
  settledSeq(committedBefore: number): number;
  /** The first record of a kind at or behind a place in the ledger, going round at its end: a cheap seeded choice. */
  nextFrom(entity: Entity, kind: VersionKind, seq: number): Version | undefined;
  /** What goes with a record when it is deleted. */
  owned(entity: Entity, id: string): { entity: Entity; id: string; kind: VersionKind }[];
  /** Everything, newest version each, for the truth endpoint. */
  all(entity: Entity): IterableIterator<Version>;
}

/** Which changes a reader asks for. */
export interface ChangesAfter {
  readonly after: number;
  readonly since?: number;
  readonly withDeleted: boolean;
  readonly now: number;
  readonly limit: number;
}

type Stored = Parameters<typeof versionOf>[0] & { before: number | null; visible_at: number };

const seen = "(CASE WHEN visible_at <= ? THEN kind ELSE kind_before END) = 0";

/** The view over an open database. */
export function viewOf(db: DatabaseSync): View {
  const firstSince = db.prepare(
    "SELECT min(seq) AS seq FROM current WHERE entity = ? AND commit_at >= ?",
  );
  const page = db.prepare(
    `SELECT h.* FROM current c JOIN changes h ON h.seq = c.seq
     WHERE c.entity = ? AND c.seq > ? AND c.kind <= ? AND c.visible_at <= ? AND c.commit_at >= ? ORDER BY c.seq LIMIT ?`,
  );
  const newest = db.prepare(
    "SELECT h.* FROM current c JOIN changes h ON h.seq = c.seq WHERE c.entity = ? AND c.id = ?",
  );
  const bySeq = db.prepare("SELECT * FROM changes WHERE seq = ?");
  const ids = db.prepare(
    `SELECT id FROM current WHERE entity = ? AND ${seen} ORDER BY id LIMIT ? OFFSET ?`,
  );
  const count = db.prepare(`SELECT count(*) AS n FROM current WHERE entity = ? AND ${seen}`);
  const unsettled = db.prepare(
    "SELECT seq, commit_at FROM changes WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
  );
  const last = db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM changes");
  const from = (more: string) =>
    db.prepare(
      `SELECT h.* FROM current c JOIN changes h ON h.seq = c.seq
       WHERE c.entity = ? AND c.seq >= ? AND c.kind = ? ${more} ORDER BY c.seq LIMIT 1`,
    );
  // The dead are few among many: their own partial index finds them only when the query says so.
  const [fromLiving, fromDead] = [from(""), from("AND c.kind > 0")];
  const owned = db.prepare("SELECT entity, id, kind FROM current WHERE owner = ?");
  const all = db.prepare(
    `SELECT h.* FROM current c JOIN changes h ON h.seq = c.seq
     WHERE c.entity = ? AND c.id > ? ORDER BY c.id LIMIT 200`,
  );
  return {
    changesAfter(entity, { after, since = Number.MIN_SAFE_INTEGER, withDeleted, now, limit }) {
      let start = after;
      if (since !== Number.MIN_SAFE_INTEGER) {
        const first = firstSince.get(entity, since) as { seq: number | null };
        if (first.seq === null) return [];
        start = Math.max(after, first.seq - 1);
      }
      const worst = withDeleted ? versionKinds.deleted : versionKinds.alive;
      return (page.all(entity, start, worst, now, since, limit) as unknown as Stored[]).map(
        versionOf,
      );
    },
    byId(entity, id, now) {
      let stored = newest.get(entity, id) as Stored | undefined;
      while (stored !== undefined && stored.visible_at > now)
        stored =
          stored.before === null ? undefined : (bySeq.get(stored.before) as unknown as Stored);
      return stored === undefined || stored.kind === versionKinds.gone
        ? undefined
        : versionOf(stored);
    },
    living: (entity, { now, offset, limit }) =>
      (ids.all(entity, now, limit, offset) as { id: string }[]).map((one) => one.id),
    livingCount: (entity, now) => (count.get(entity, now) as { n: number }).n,
    settledSeq(committedBefore) {
      let seq = (last.get() as { seq: number }).seq;
      // Walks back over the last moments only: older commits are settled by definition.
      for (;;) {
        const one = unsettled.get(seq) as { seq: number; commit_at: number } | undefined;
        if (one === undefined) return 0;
        if (one.commit_at <= committedBefore) return one.seq;
        seq = one.seq - 1;
      }
    },
    nextFrom(entity, kind, seq) {
      const code = versionKinds[kind];
      const from = kind === "alive" ? fromLiving : fromDead;
      const stored = from.get(entity, seq, code) ?? from.get(entity, 0, code);
      return stored && versionOf(stored as unknown as Stored);
    },
    owned: (entity, id) =>
      (owned.all(`${entity}:${id}`) as { entity: Entity; id: string; kind: number }[]).map(
        (one) => ({ ...one, kind: kindOf(one.kind) }),
      ),
    *all(entity) {
      // Page by page: a slow reader must hold no statement open while others write.
      for (let after = "", found = 1; found > 0; ) {
        const stored = all.all(entity, after) as unknown as Stored[];
        yield* stored.map(versionOf);
        found = stored.length;
        after = stored.at(-1)?.id ?? after;
      }
    },
  };
}
