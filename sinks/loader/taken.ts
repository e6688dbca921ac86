import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { Operation, SinkRow } from "../sink.ts";

/** A row's name in the loader: object and source key. */
export type RowId = string;

/** The name of a row. */
export function rowId(object: string, key: string): RowId {
  return `${object}|${key}`;
}

/** A row refers to another by one of its fields. */
export interface RowReference {
  readonly field: string;
  readonly object: string;
  readonly key: string;
}

/** One version of one record in the loader's hands. */
export interface Taken {
  readonly id: RowId;
  readonly plan: ObjectPlan;
  /** Without its fields: decoded they are ten times their bytes, and thousands of rows wait here. */
  readonly record: LoadRecord;
  /** The fields, read from `framed` each time they are asked for. */
  readonly whole: () => Fields;
  /** What it refers to, before any reference is cleared. */
  readonly references: readonly RowReference[];
  /** The load record's value as read; a parked entry keeps it. */
  readonly framed: Buffer;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Woken from `parked`: its offset was committed when it was parked. */
  readonly fromParked: boolean;
  /** Monotonic milliseconds. */
  readonly takenAt: number;
  /** Epoch milliseconds; of a parked one, since it was parked first. */
  readonly since: number;
  attempts: number;
  /** Monotonic milliseconds before which it is not tried again. */
  notBefore: number;
  /** The destination said this row is gone: it is created anew. */
  recreate: boolean;
  /** Our row, found by its refused twin: created by us in a request whose reply was lost. */
  createdId: string | null;
}

/** A row decided to be written. */
export interface Ready {
  readonly taken: Taken;
  readonly operation: Operation;
  readonly row: SinkRow;
  /** References as they will be loaded. */
  readonly references: readonly RowReference[];
  /** Rows of one shard share parents and are never in two open bulk jobs. */
  readonly shard: number;
  readonly readyAt: number;
}

/** What the loader holds of one row: at most one version sent, one waiting, and what they replace. */
export interface Held {
  readonly id: RowId;
  /** The newest version not sent. */
  newest: Taken | null;
  /** Versions the newest one replaces; they end, as superseded, when it ends or is parked. */
  older: Taken[];
  /** Set while the newest version is ready to be sent. */
  ready: Ready | null;
  /** The row in memory the newest version waits for. */
  waitsFor: RowId | null;
  /** Set while a request that names the row is open. */
  open: OpenRow | null;
}

/** A row's fields as text, number, boolean or null. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** A row whose fields are made when they are asked for, and not kept. */
export class LazyRow implements SinkRow {
  readonly key: string;
  readonly destinationId: string | null;
  readonly #make: () => Fields;

  constructor(key: string, destinationId: string | null, make: () => Fields) {
    this.key = key;
    this.destinationId = destinationId;
    this.#make = make;
  }

  get fields(): Fields {
    return this.#make();
  }
}

/** What a version keeps of its load record: the record without its fields, and a way back to them. */
export function withoutFields(
  codecs: Pick<Codecs, "decodeFast">,
  record: LoadRecord,
  framed: Buffer,
): Pick<Taken, "record" | "whole" | "framed"> {
  return {
    record: { ...record, fields: null },
    framed,
    whole: () => {
      const again = codecs.decodeFast<LoadRecord>(framed);
      // Its schema was fetched when it was received.
      if (again instanceof Promise) throw new Error("A known schema is not known any more.");
      return again.fields ?? {};
    },
  };
}

/** A row in an open request. */
export interface OpenRow {
  readonly requestId: string;
  readonly operation: Operation;
  /** Source offset of the version sent. */
  readonly offset: number;
  readonly destinationId: string | null;
  /** Null until the version has been read again after a restart. */
  sent: Ready | null;
  /** Versions the sent one replaces. */
  older: Taken[];
}

/** References a load record names, before any is cleared. */
export function referencesOf(plan: ObjectPlan, record: LoadRecord): RowReference[] {
  const found: RowReference[] = [];
  if (record.operation === "delete" || record.fields === null) return found;
  for (const field of plan.fields) {
    const value = field.reference === undefined ? null : record.fields[field.name];
    if (field.reference !== undefined && typeof value === "string" && value !== "") {
      found.push({ field: field.name, object: field.reference.object, key: value });
    }
  }
  return found;
}
