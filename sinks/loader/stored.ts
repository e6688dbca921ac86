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

/** What of a load record stays in memory: its end is decided by it. */
export type RecordHead = Pick<LoadRecord, "key" | "operation" | "repair" | "hash" | "version">;

/**
 * Load records in the loader's hands: their bytes wait in the spool, and only what deciding needs
 * stays in memory. Decoded they are ten times their bytes, and tens of thousands of them wait here.
 */
export class RecordStore {
  readonly #codecs: Pick<Codecs, "decodeFast">;
  readonly #spool: Spool;
  /** Names of source topics: a version has one, and they are few. */
  readonly #topics = new Map<string, string>();
  #last: { readonly of: StoredRecord; readonly record: LoadRecord } | undefined;

  constructor(codecs: Pick<Codecs, "decodeFast">, spool: Spool) {
    this.#codecs = codecs;
    this.#spool = spool;
  }

  /** Takes a record that has just been decoded, with its bytes. */
  keep(record: LoadRecord, framed: Buffer): { record: RecordHead; stored: StoredRecord } {
    const { key, repair, hash } = record;
    const operation = record.operation === "delete" ? "delete" : "upsert";
    const { run, topic, partition, offset } = record.version;
    const version = { run, topic: this.#once(topic), partition, offset };
    const stored = new StoredRecord(this, this.#spool.append(framed));
    return { record: { key, operation, repair, hash, version }, stored };
  }

  #once(topic: string): string {
    const known = this.#topics.get(topic) ?? topic;
    this.#topics.set(known, known);
    return known;
  }

  /** A stored record, whole; the last one asked for is remembered, its parts are asked for in turn. */
  whole(stored: StoredRecord): LoadRecord {
    if (this.#last?.of === stored) return this.#last.record;
    const record = this.#codecs.decodeFast<LoadRecord>(stored.framed());
    // Its schema was fetched when it was received.
    if (record instanceof Promise) throw new Error("A known schema is not known any more.");
    this.#last = { of: stored, record };
    return record;
  }
}

/** One record's way back to what it writes. */
export class StoredRecord {
  readonly #store: RecordStore;
  readonly #at: number;
  readonly #length: number;
  /** Null when it has been released. */
  #segment: Segment | null;

  constructor(store: RecordStore, { segment, at, length }: Place) {
    this.#store = store;
    this.#segment = segment;
    this.#at = at;
    this.#length = length;
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
