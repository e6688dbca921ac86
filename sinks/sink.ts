import type { CutoverError } from "../pipeline/core/errors.ts";
import type { FieldValue } from "../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../pipeline/core/plan.ts";

/** What is done to a row. */
export type Operation = "insert" | "update" | "delete";

/** One row ready to be written: references are destination ids already. */
export interface SinkRow {
  readonly key: string;
  /** Present for updates and deletes. */
  readonly destinationId: string | null;
  /** Ids of the record's further rows, in their order, where a record is several. */
  readonly moreIds?: readonly string[];
  /**
   * Empty for deletes. Create-only fields are present where a row may be created: for inserts, and
   * for updates of what has no key or is a file, because these may need a new row.
   */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The object each lookup's value is a row of, by field: some lookups lead to several. */
  readonly targets?: Readonly<Record<string, string>>;
  /** The record's rows, each the plan's `perRow` fields; absent where it is one row. */
  readonly rows?: readonly Readonly<Record<string, FieldValue>>[] | undefined;
}

/** The same row with other fields; what a row makes when it is asked is no part a spread would copy. */
export function rowWith(
  { key, destinationId, moreIds, targets, rows }: SinkRow,
  fields: SinkRow["fields"],
): SinkRow {
  return {
    ...{ key, destinationId, fields, rows },
    ...(moreIds === undefined ? {} : { moreIds }),
    ...(targets === undefined ? {} : { targets }),
  };
}

/** Rows of one object and operation. */
export interface SinkGroup {
  readonly plan: ObjectPlan;
  readonly operation: Operation;
  readonly rows: readonly SinkRow[];
}

/** What the destination said of one row. `gone`: the row is no longer there. */
export type RowResult =
  | {
      readonly kind: "created" | "updated" | "deleted" | "gone";
      readonly destinationId: string;
      /** Of the record's further rows, in their order. */
      readonly moreIds?: readonly string[];
    }
  | {
      readonly kind: "refused";
      /** The destination's own code. */
      readonly code: string;
      readonly message: string;
      readonly field: string | null;
      /**
       * refuse: wrong for good · locked: another write held it or its parent · retry: may go next time ·
       * duplicate: our key, or our pair, is there already · storage: nothing fits in any more.
       */
      readonly class: "refuse" | "locked" | "retry" | "duplicate" | "storage";
      /** Row the refusal names (duplicates), where the destination says it. */
      readonly destinationId: string | null;
      /** Ids that hold the record now, where the refused write has changed them. */
      readonly ids?: readonly string[];
    };

/** Results by object and source key (`resultKey`), never by position. */
export type RowResults = ReadonlyMap<string, RowResult>;

/** The key of a result: object and source key. */
export function resultKey(object: string, key: string): string {
  return `${object}|${key}`;
}

/**
 * Asked at the moment a call of ours is to leave. Once it says no nothing more leaves, also of what
 * waits for its turn: a successor may have taken over.
 */
export type MayLeave = () => boolean;

/** How a bulk job stands. */
export interface JobState {
  readonly id: string;
  readonly state: "open" | "uploaded" | "running" | "done" | "failed" | "aborted" | "missing";
  readonly processed: number;
  readonly failed: number;
  readonly message: string | null;
}

/** A row at the destination, canonical: see `Sink.canonical`. */
export interface DestinationRow {
  readonly object: string;
  readonly destinationId: string;
  readonly key: string | null;
  readonly deleted: boolean;
  /** Canonical text per field; lookups hold the target's source key, or `id:<destination id>` where it has none. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly modifiedAt: number;
  readonly modifiedBy: string | null;
}

/** Asks for an object's rows that changed at or after a moment of the destination's clock. */
export interface ChangeRead {
  readonly plan: ObjectPlan;
  /** Epoch ms. */
  readonly since: number;
}

/** News of one object whose changes are read: its rows, page by page, then how its read ended. */
export type ChangeNews =
  | { readonly kind: "rows"; readonly plan: ObjectPlan; readonly rows: readonly DestinationRow[] }
  | {
      readonly kind: "read";
      readonly plan: ObjectPlan;
      /** The destination's clock when it was asked, epoch ms: what changed earlier has been read. */
      readonly at: number;
    }
  /** Not read to its end: read it again from the same moment. */
  | { readonly kind: "failed"; readonly plan: ObjectPlan; readonly error: CutoverError };

/** What stands at the destination of a record whose fate was unknown. */
export interface AskedRow extends DestinationRow {
  /** Ids of the record's further rows, in their order. */
  readonly moreIds: readonly string[];
  /** Whether all that was to be written stands there; null: the fields say it. */
  readonly whole: boolean | null;
}

/** Whether another key holds a destination id: rows without a key of ours are claimed once. */
export type ClaimedByOther = (destinationId: string, key: string) => boolean;

/** A user rows can be owned by. */
export interface DestinationUser {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly active: boolean;
  readonly standard: boolean;
}

/** Calls and batches a destination still grants. */
export interface Allowance {
  readonly calls: { readonly max: number; readonly remaining: number };
  readonly batches: { readonly max: number; readonly remaining: number };
}

/** A field as the destination describes it to our user. */
export interface DescribedField {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly restrictedValues: readonly string[] | null;
  readonly referenceTo: readonly string[];
}

/** Bulk jobs: a file of many rows, uploaded once, processed by the destination in its own time. */
export interface BulkJobs {
  /** Creates a bulk job and returns its id; nothing is uploaded. */
  openJob(group: Pick<SinkGroup, "plan" | "operation">): Promise<string>;
  /** Uploads all rows and closes the job. A job is uploaded once; a failed upload means abort and a fresh job. */
  uploadJob(jobId: string, group: SinkGroup): Promise<void>;
  jobState(jobId: string): Promise<JobState>;
  /**
   * Results of an ended job: successful and refused rows. Keys in neither were not processed. Of the
   * group's rows only key and id are looked at. Throws SINK_SCHEMA_MISMATCH where the upload itself
   * could not be taken.
   */
  jobResults(jobId: string, group: SinkGroup): Promise<RowResults>;
  abortJob(jobId: string): Promise<void>;
  /** Jobs of our user that have not ended, for the search of orphans. */
  openJobs(): Promise<
    readonly { id: string; object: string; state: JobState["state"]; createdAt: number }[]
  >;
}

/**
 * One destination. Everything here is safe to repeat; results are matched by source key, never by
 * position. Errors thrown are `CutoverError`s: SINK_REPLY_LOST means the fate of what was sent is
 * unknown, and the caller asks before it acts.
 */
export interface Sink {
  /**
   * Our user's id at the destination: a row another user wrote last is not ours alone. Where rows are
   * written as several users, it stands for all of them in the rows read.
   */
  readonly userId: string;
  readonly limits: {
    /** Most rows of one bulk job; 0 where there are none. */
    readonly bulkRows: number;
    /** Most rows of one `send`. */
    readonly smallRows: number;
    /** Calls of `send` worth having under way at once, >= 1; may change as the destination answers. */
    readonly parallel: number;
    /** Most objects of one `changes`. */
    readonly changes: number;
    /** How long a call may last. */
    readonly timeoutMs: number;
  };
  /** Fields of an object, or undefined where it does not exist for our user. */
  describe(object: string): Promise<readonly DescribedField[] | undefined>;
  /** Active and inactive users by e-mail, case-folded. */
  users(emails: readonly string[]): Promise<readonly DestinationUser[]>;
  allowance(): Promise<Allowance>;

  /** Absent where the destination has no bulk jobs: everything goes by `send` then. */
  readonly jobs?: BulkJobs;
  /** Whether a bulk job can carry the row; what it cannot goes by `send`. */
  bulkable(plan: ObjectPlan, operation: Operation, row: SinkRow): boolean;
  /**
   * Rows that stand for these although nobody of us wrote them, by a rule of the plan: ids of rows
   * without a key of ours, by source key. Absent where no plan has such a rule.
   */
  find?(
    plan: ObjectPlan,
    rows: readonly SinkRow[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Writes few rows, of several objects and operations, at once. A key missing from the results is
   * one whose fate is unknown; SINK_REPLY_LOST says so of all. What may not leave is SINK_UNAVAILABLE.
   */
  send(groups: readonly SinkGroup[], mayLeave?: MayLeave): Promise<RowResults>;

  /**
   * What the destination holds of records whose fate is unknown, by key, deleted rows left out. Rows
   * known by a key of ours need no fields; the others are looked for by what they hold, among the ids
   * no other key has.
   */
  ask(
    plan: ObjectPlan,
    rows: readonly SinkRow[],
    claimed: ClaimedByOther,
  ): Promise<ReadonlyMap<string, AskedRow>>;
  /** Living rows by source key, or by destination id where rows carry none; files as read back. */
  read(
    plan: ObjectPlan,
    rows: { readonly keys: readonly string[] } | { readonly ids: readonly string[] },
  ): Promise<readonly DestinationRow[]>;
  /** All writeable columns of rows that were there before us. */
  preimages(plan: ObjectPlan, ids: readonly string[]): Promise<ReadonlyMap<string, DestinationRow>>;
  /**
   * All rows carrying a source key, or under a parent that does, page by page. Rows of one object
   * only, of all its entities.
   */
  observe(plan: ObjectPlan): AsyncIterable<readonly DestinationRow[]>;
  /**
   * The rows `observe` would bring that changed since, deleted ones too where the destination tells of
   * them: of several objects, asked for by one call where none has more rows than a page. Throws what
   * concerns all of them; what concerns one object is news of it.
   */
  changes(reads: readonly ChangeRead[]): AsyncIterable<ChangeNews>;
  /** The comparable text of a value as written to, or read from, this destination. */
  canonical(field: FieldPlan, value: FieldValue): string | null;
  /** The destination's clock, epoch ms. */
  now(): Promise<number>;
  close(): Promise<void>;
}
