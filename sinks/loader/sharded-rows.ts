import type { Ready, RowReference } from "./taken.ts";

/**
 * A shard's rows share parents: rows of one parent are never in two open requests of a kind. Each request
 * leaves one shard cut in two, whose rest waits for it: the more there are, the less that is.
 */
const shards = 1024;

/** The shard of rows without a parent: they lock nobody, and any request may take them. */
export const noShard = -1;

/** The shard of a row, by the first other row it refers to. */
export function shardOf(parent: string | undefined): number {
  if (parent === undefined) return noShard;
  let hash = 0;
  for (let at = 0; at < parent.length; at += 1) hash = (hash * 31 + parent.charCodeAt(at)) | 0;
  return Math.abs(hash) % shards;
}

/** The row a row locks when it is written: the first it refers to, itself left out. */
export function parentOf(key: string, references: readonly RowReference[]): string | undefined {
  return references.find((target) => target.key !== key)?.key;
}

/** Rows of one shard, the one ready longest first. */
export interface Shard {
  readonly shard: number;
  readonly rows: ReadonlySet<Ready>;
  /** Of their records. */
  readonly bytes: number;
}

/** What waits to be sent. */
export interface Waiting {
  readonly rows: number;
  readonly bytes: number;
  /** When the oldest of them became ready; infinity: there are none. */
  readonly since: number;
}

/** The rows of a shard as they come and go. */
class OpenShard implements Shard {
  readonly rows = new Set<Ready>();
  readonly shard: number;
  bytes = 0;

  constructor(shard: number) {
    this.shard = shard;
  }

  add(ready: Ready): void {
    this.rows.add(ready);
    this.bytes += ready.taken.stored.bytes;
  }

  delete(ready: Ready): boolean {
    const was = this.rows.delete(ready);
    if (was) this.bytes -= ready.taken.stored.bytes;
    return was;
  }
}

/** Ready rows by the shard of their parents. */
export class ShardedRows {
  readonly #free = new OpenShard(noShard);
  /** Those that have rows. */
  readonly #byShard = new Map<number, OpenShard>();

  add(ready: Ready): void {
    const { shard } = ready;
    let open = shard === noShard ? this.#free : this.#byShard.get(shard);
    if (open === undefined) {
      open = new OpenShard(shard);
      this.#byShard.set(shard, open);
    }
    open.add(ready);
  }

  /** Whether it was there. */
  delete(ready: Ready): boolean {
    const { shard } = ready;
    if (shard === noShard) return this.#free.delete(ready);
    const open = this.#byShard.get(shard);
    const was = open?.delete(ready) === true;
    if (open?.rows.size === 0) this.#byShard.delete(shard);
    return was;
  }

  /** Shards with rows that nobody holds; rows without a parent come first. */
  *open(busy: ReadonlySet<number>): Generator<Shard> {
    if (this.#free.rows.size > 0) yield this.#free;
    for (const [shard, open] of this.#byShard) {
      if (!busy.has(shard)) yield open;
    }
  }

  /** The rows nobody holds. */
  waiting(busy: ReadonlySet<number>): Waiting {
    const sum = { rows: 0, bytes: 0, since: Number.POSITIVE_INFINITY };
    for (const { rows, bytes } of this.open(busy)) {
      sum.rows += rows.size;
      sum.bytes += bytes;
      sum.since = Math.min(sum.since, readySince(rows));
    }
    return sum;
  }
}

/** When the oldest of a shard's rows became ready. */
export function readySince(rows: ReadonlySet<Ready>): number {
  for (const { readyAt } of rows) return readyAt;
  return Number.POSITIVE_INFINITY;
}

/** Room of a request: the row that exceeds its bytes is the last one. */
export interface Room {
  readonly rows: number;
  readonly bytes: number;
}

/** What is left of the room behind these rows. */
export function roomLeft({ rows, bytes }: Room, taken: readonly Ready[]): Room {
  const used = taken.reduce((sum, { taken: { stored } }) => sum + stored.bytes, 0);
  return { rows: rows - taken.length, bytes: bytes - used };
}

/** Whether nothing more fits. */
export function isFull({ rows, bytes }: Room): boolean {
  return rows <= 0 || bytes <= 0;
}

/** Whether so much fills the room. */
export function fillsRoom({ rows, bytes }: Room, room: Room): boolean {
  return isFull({ rows: room.rows - rows, bytes: room.bytes - bytes });
}

/** Rows of the shards in their order as far as there is room, and the shards they are of. */
export function firstOf(
  open: Iterable<Shard>,
  room: Room,
): { readonly rows: Ready[]; readonly taken: Set<number> } {
  const rows: Ready[] = [];
  const taken = new Set<number>();
  let left = room;
  for (const { rows: some, shard } of open) {
    for (const row of some) {
      if (isFull(left)) return { rows, taken };
      if (shard !== noShard) taken.add(shard);
      rows.push(row);
      left = { rows: left.rows - 1, bytes: left.bytes - row.taken.stored.bytes };
    }
  }
  return { rows, taken };
}

/** Shards that fit whole among so many rows, in their order; rows without a parent part anywhere. */
export function fitting(open: readonly Shard[], most: number): readonly Shard[] {
  let left = most;
  return open.filter(({ shard, rows }) => {
    if (left <= 0 || (shard !== noShard && rows.size > left)) return false;
    left -= rows.size;
    return true;
  });
}

/** Rows of the shards in their order as far as there is room, those of one parent together. */
export function takenOf(open: Iterable<Shard>, room: Room): ReturnType<typeof firstOf> {
  const { rows, taken } = firstOf(open, room);
  // Rows of one parent stand together: the destination locks it once.
  rows.sort((a, b) => ((a.parent ?? "") < (b.parent ?? "") ? -1 : 1));
  return { rows, taken };
}
