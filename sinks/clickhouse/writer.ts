import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import type { Database, Row } from "./database.ts";

/** Rows of one insert statement at most: the engine holds its text several times over. */
const rowsPerInsert = 1500;

/** Rows, and bytes in Kafka, gathered for one write. */
const rowsPerWrite = 4000;
const bytesPerWrite = 2 * 1024 * 1024;

/** Gathers rows and writes them, together with how far the ledger has read. */
export class Writer {
  readonly #database: Database;
  #rows = new Map<string, Row[]>();
  #count = 0;
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #written = new Map<string, TopicOffset>();
  #writes = 0;

  constructor(database: Database, positions: readonly TopicOffset[]) {
    this.#database = database;
    for (const place of positions) this.#written.set(placeId(place), place);
  }

  /** Takes a row; `bytes` is its size in Kafka, which bounds the memory of one write. */
  add(table: string, row: Row, bytes = 0): void {
    const rows = this.#rows.get(table);
    if (rows === undefined) this.#rows.set(table, [row]);
    else rows.push(row);
    this.#count += 1;
    this.#bytes += bytes;
  }

  /** Whether it is time to write. */
  isFull(): boolean {
    return this.#count >= rowsPerWrite || this.#bytes >= bytesPerWrite;
  }

  isEmpty(): boolean {
    return this.#count === 0;
  }

  /**
   * Begins to write what was gathered, after the last write is done. Positions go last: after a
   * crash rows are read again and fold. Resolves when the previous write has ended.
   */
  async flush(positions: readonly TopicOffset[]): Promise<void> {
    for (let last; last !== this.#writing; ) {
      last = this.#writing;
      await last;
    }
    const moved = positions.filter((place) => this.#moved(place));
    if (this.#count === 0 && moved.length === 0) return;
    const rows = this.#rows;
    this.#rows = new Map();
    this.#count = 0;
    this.#bytes = 0;
    this.#writing = this.#write(rows, moved);
    // A failure surfaces at the next flush or settle.
    this.#writing.catch(() => {});
  }

  #moved(place: TopicOffset): boolean {
    return (this.#written.get(placeId(place))?.offset ?? -1) < place.offset;
  }

  async #write(rows: ReadonlyMap<string, readonly Row[]>, moved: readonly TopicOffset[]) {
    for (const [table, all] of rows) {
      for (let from = 0; from < all.length; from += rowsPerInsert) {
        await this.#database.insert(table, all.slice(from, from + rowsPerInsert));
      }
    }
    await this.#database.insert(
      "position",
      moved.map((place) => ({ ...place })),
    );
    for (const place of moved) this.#written.set(placeId(place), place);
    this.#writes += 1;
  }

  /**
   * Does something between two writes, when the tables hold whole batches only: a read's rows and
   * its vectors stand in two tables.
   */
  between<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#writing;
    const done = before.then(work);
    // Its failure is its caller's; a failed write still surfaces at the next flush.
    this.#writing = before.then(() => done.then(nothing, nothing));
    this.#writing.catch(nothing);
    return done;
  }

  /** How many writes have been done. */
  writes(): number {
    return this.#writes;
  }

  /** Resolves when everything handed to `flush` is written. */
  settle(): Promise<void> {
    return this.#writing;
  }

  /** Everything below these offsets is in the tables. */
  positions(): readonly TopicOffset[] {
    return [...this.#written.values()];
  }
}

function nothing(): void {}

function placeId({ topic, partition }: TopicOffset): string {
  return `${topic}/${partition}`;
}
