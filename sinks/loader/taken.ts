import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import { type ObjectPlan, referencedObject } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import { rowShape } from "./row-shape.ts";
import type { Content, Fields, RecordHead, StoredRecord } from "./stored.ts";

/** A row's name in the loader: object and source key. */
export type RowId = string;

/** The name of a row. */
export function rowId(object: string, key: string): RowId {
  // Joined, not concatenated: as a key of a map that would be kept twice, in pieces and as a whole.
  return [object, key].join("|");
}

/** Object and source key of a row's name. */
export function splitId(id: RowId): { readonly object: string; readonly key: string } {
  const at = id.indexOf("|");
  return { object: id.slice(0, at), key: id.slice(at + 1) };
}

/** Source key of a row's name. */
export function keyOf(id: RowId): string {
  return id.slice(id.indexOf("|") + 1);
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
  readonly record: RecordHead;
  /** The way back to its fields and its bytes. */
  readonly stored: StoredRecord;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Monotonic milliseconds, whole. */
  readonly takenAt: number;
  /**
   * Epoch milliseconds, of one woken from `parked`, whose offset was committed when it was parked first;
   * null of one read from its topic.
   */
  readonly parkedSince: number | null;
  trial: Trial;
}

/** What was tried with a version, and found. */
export interface Trial {
  readonly attempts: number;
  /** Monotonic milliseconds before which it is not tried again. */
  readonly notBefore: number;
  /** The destination said this row is gone: it is created anew. */
  readonly recreate: boolean;
  /** Rows others made that the plan's rule finds for it; null until it was looked for. */
  readonly candidates: readonly string[] | null;
}

/** Nothing yet: tens of thousands of versions share it. */
export const untried: Trial = { attempts: 0, notBefore: 0, recreate: false, candidates: null };

/** Something was tried with a version, or found. */
export function tried(taken: Taken, what: Partial<Trial>): void {
  taken.trial = { ...taken.trial, ...what };
}

/** A row decided to be written. */
export interface Ready {
  readonly taken: Taken;
  readonly operation: Operation;
  readonly row: SinkRow;
  /** References as they will be loaded; null: as they were read. */
  readonly loaded: readonly RowReference[] | null;
  /** Source key of the row it locks when it is written. */
  readonly parent: string | undefined;
  /** Rows of one shard share parents and are never in two open bulk jobs. */
  readonly shard: number;
  /** It takes bytes along. */
  readonly files: boolean;
  readonly readyAt: number;
}

/** What the loader holds of one row: at most one version sent, one waiting, and what they replace. */
export interface Held {
  readonly id: RowId;
  /** The newest version not sent. */
  newest: Taken | null;
  /** Versions the newest one replaces; they end, as superseded, when it ends or is parked. */
  older: readonly Taken[];
  /** Set while the newest version is ready to be sent. */
  ready: Ready | null;
  /** The row in memory the newest version waits for. */
  waitsFor: RowId | null;
  /** Set while a request that names the row is open. */
  open: OpenRow | null;
}

/** No versions, ids or rows: tens of thousands of rows share it. */
export const none: readonly never[] = [];

/** Every lookup leads to the one object its plan names. */
const oneEach: Readonly<Record<string, string>> = {};

/** A row whose fields are made when they are asked for, and not kept. */
export abstract class LazyRow implements SinkRow {
  readonly destinationId: string | null;
  readonly moreIds: readonly string[];
  protected readonly taken: Taken;

  constructor(
    taken: Taken,
    ids: { readonly destinationId: string | null; readonly moreIds: readonly string[] },
  ) {
    this.taken = taken;
    this.destinationId = ids.destinationId;
    this.moreIds = ids.moreIds;
  }

  protected abstract content(): Content;

  get key(): string {
    return keyOf(this.taken.id);
  }

  get fields(): Fields {
    return this.content().fields;
  }

  get rows(): readonly Fields[] | undefined {
    return this.content().rows;
  }

  /** Of lookups that may lead to several objects: of the others the plan says it. */
  get targets(): Readonly<Record<string, string>> {
    const several = this.taken.plan.fields.some(({ reference }) => reference?.byEntity);
    if (!several) return oneEach;
    return Object.fromEntries(
      referencesRead(this.taken).map(({ field, object }) => [field, object]),
    );
  }
}

/** A row in an open request: tens of thousands of them wait for what becomes of their jobs. */
export interface OpenRow {
  readonly id: RowId;
  readonly requestId: string;
  readonly operation: Operation;
  /** Source offset of the version sent. */
  readonly offset: number;
  readonly destinationId: string | null;
  readonly moreIds: readonly string[];
  /** The version sent; null until it has been read again after a restart. */
  taken: Taken | null;
  /** What is sent of it; null where key and ids say enough. */
  sent: SinkRow | null;
  /** References as loaded; null: as they were read. */
  readonly loaded: readonly RowReference[] | null;
  /** Versions the sent one replaces. */
  older: readonly Taken[];
}

/** A row whose version sent is in hand. */
export type SentRow = OpenRow & { readonly taken: Taken };

/** Whether the version sent is in hand. */
export function isInHand(row: OpenRow): row is SentRow {
  return row.taken !== null;
}

/** What a version refers to, before any reference is cleared: read again, and not kept. */
export function referencesRead({ plan, stored }: Taken): readonly RowReference[] {
  return rowShape(plan).bound.length > 0 ? referencesOf(plan, stored.whole()) : none;
}

/** References a load record names, before any is cleared. */
export function referencesOf(plan: ObjectPlan, record: LoadRecord): readonly RowReference[] {
  const found: RowReference[] = [];
  if (record.operation === "delete" || record.fields === null) return found;
  for (const field of rowShape(plan).bound) {
    const value = field.reference === undefined ? null : record.fields[field.name];
    if (field.reference !== undefined && typeof value === "string" && value !== "") {
      const object = referencedObject(field.reference, value);
      found.push({ field: field.name, object, key: value });
    }
  }
  return found;
}
