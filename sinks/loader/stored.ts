import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Place, Segment, Spool } from "./spool.ts";

/** A row's fields as text, number, boolean or null. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** What a load record writes. */
export interface Content {
  readonly fields: Fields;
  readonly rows: readonly Fields[] | undefined;
}

const nothing: Content = { fields: {}, rows: undefined };

/** What tells a version from another, and deciding looks at. */
export type RecordHead = Pick<LoadRecord, "key" | "operation" | "repair" | "hash" | "version"> &
  Pick<LoadRecord["version"], "run" | "partition" | "offset">;

/** Bytes of the records remembered decoded: those of a poll are decided right after they were taken. */
const recentBytes = 256 * 1024;

/**
 * Load records in the loader's hands: their bytes wait in the spool, and only what tells one version
 * from another stays in memory. Decoded they are ten times their bytes, and tens of thousands wait here.
 */
export class RecordStore {
  readonly #codecs: Pick<Codecs, "decodeFast">;
  readonly #spool: Spool;
  #last: { readonly of: StoredRecord; readonly record: LoadRecord } | undefined;
  readonly #recent = new Map<StoredRecord, LoadRecord>();
  #recentBytes = 0;

  constructor(codecs: Pick<Codecs, "decodeFast">, spool: Spool) {
    this.#codecs = codecs;
    this.#spool = spool;
  }

  /** Takes a record that has just been decoded, with its bytes. */
  keep(record: LoadRecord, framed: Buffer): StoredRecord {
    const stored = new StoredRecord(this, record, this.#spool.append(framed));
    this.#last = { of: stored, record };
    this.#remember(stored, record);
    return stored;
  }

  /** The oldest make room for the newest. */
  #remember(stored: StoredRecord, record: LoadRecord): void {
    this.#recent.set(stored, record);
    this.#recentBytes += stored.bytes;
    for (const [oldest] of this.#recent) {
      if (this.#recentBytes <= recentBytes) return;
      this.#recent.delete(oldest);
      this.#recentBytes -= oldest.bytes;
    }
  }

  /** A stored record, whole; the last one asked for is remembered, its parts are asked for in turn. */
  whole(stored: StoredRecord): LoadRecord {
    if (this.#last?.of === stored) return this.#last.record;
    const record = this.#recent.get(stored) ?? this.#decoded(stored);
    this.#last = { of: stored, record };
    return record;
  }

  #decoded(stored: StoredRecord): LoadRecord {
    const record = this.#codecs.decodeFast<LoadRecord>(stored.framed());
    // Its schema was fetched when it was received.
    if (record instanceof Promise) throw new Error("A known schema is not known any more.");
    return record;
  }
}

/** One record's way back to what it writes, and what is known of it without going there. */
export class StoredRecord implements RecordHead {
  readonly operation: LoadRecord["operation"];
  /** Of its version. */
  readonly run: number;
  readonly partition: number;
  readonly offset: number;
  readonly #store: RecordStore;
  readonly #at: number;
  readonly #length: number;
  /** Null when it has been released. */
  #segment: Segment | null;

  constructor(store: RecordStore, record: LoadRecord, place: Place) {
    this.operation = record.operation === "delete" ? "delete" : "upsert";
    this.run = record.version.run;
    this.partition = record.version.partition;
    this.offset = record.version.offset;
    this.#store = store;
    this.#segment = place.segment;
    this.#at = place.at;
    this.#length = place.length;
  }

  get key(): string {
    return this.whole().key;
  }

  get version(): LoadRecord["version"] {
    return this.whole().version;
  }

  get hash(): string {
    return this.whole().hash;
  }

  get repair(): boolean {
    return this.whole().repair;
  }

  /** Of its record as read. */
  get bytes(): number {
    return this.#length;
  }

  whole(): LoadRecord {
    return this.#store.whole(this);
  }

  content(): Content {
    const { fields, rows } = this.whole();
    return fields === null ? nothing : { fields, rows: rows ?? undefined };
  }

  /** The load record's value as read; a parked entry keeps it. */
  framed(): Buffer {
    if (this.#segment === null) throw new Error("A record was read after its version had ended.");
    return this.#segment.read({ at: this.#at, length: this.#length });
  }

  /** The version has ended: nobody reads it again. */
  release(): void {
    this.#segment?.release();
    this.#segment = null;
  }
}
