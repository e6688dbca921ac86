import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Spool, Spooled } from "./spool.ts";

/** A row's fields as text, number, boolean or null. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** What a load record writes. */
export interface Content {
  readonly fields: Fields;
  readonly rows: readonly Fields[] | undefined;
}

const nothing: Content = { fields: {}, rows: undefined };

/**
 * Load records in the loader's hands: their bytes wait in the spool, and only what deciding needs
 * stays in memory. Decoded they are ten times their bytes, and tens of thousands of them wait here.
 */
export class RecordStore {
  readonly #codecs: Pick<Codecs, "decodeFast">;
  readonly #spool: Spool;
  readonly #texts = new Map<string, string>();
  #last: { readonly of: StoredRecord; readonly content: Content } | undefined;

  constructor(codecs: Pick<Codecs, "decodeFast">, spool: Spool) {
    this.#codecs = codecs;
    this.#spool = spool;
  }

  /** Takes a record that has just been decoded, with its bytes. */
  keep(record: LoadRecord, framed: Buffer): { record: LoadRecord; stored: StoredRecord } {
    return {
      record: this.#slim(record),
      stored: new StoredRecord(this, this.#spool.append(framed)),
    };
  }

  /** Without its fields; texts that thousands of records share are kept once. */
  #slim({ rows: _, ...record }: LoadRecord): LoadRecord {
    const { run, topic, partition, offset } = record.version;
    return {
      ...record,
      fields: null,
      plan: this.#shared(record.plan),
      entity: this.#shared(record.entity),
      delete_reason: record.delete_reason === null ? null : this.#shared(record.delete_reason),
      version: { run, topic: this.#shared(topic), partition, offset },
    };
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  /** The content of a stored record; the last one asked for is remembered, its parts come in turn. */
  content(stored: StoredRecord): Content {
    if (this.#last?.of === stored) return this.#last.content;
    const record = this.#codecs.decodeFast<LoadRecord>(stored.framed());
    // Its schema was fetched when it was received.
    if (record instanceof Promise) throw new Error("A known schema is not known any more.");
    const { fields } = record;
    const content = fields === null ? nothing : { fields, rows: record.rows ?? undefined };
    this.#last = { of: stored, content };
    return content;
  }
}

/** One record's way back to what it writes. */
export class StoredRecord {
  readonly #store: RecordStore;
  readonly #place: Spooled;

  constructor(store: RecordStore, place: Spooled) {
    this.#store = store;
    this.#place = place;
  }

  content(): Content {
    return this.#store.content(this);
  }

  /** The load record's value as read; a parked entry keeps it. */
  framed(): Buffer {
    return this.#place.read();
  }

  /** The version has ended: nobody reads it again. */
  release(): void {
    this.#place.release();
  }
}
