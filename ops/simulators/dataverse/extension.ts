import type { Caller, Environment } from "./environment.ts";
import type { RelationshipDef, TableDef } from "./model.ts";
import type { Row, Values } from "./rows/row.ts";
import type { Resource } from "./web/call.ts";

/** Writes rows as the service itself does, with every rule, in the transaction under way. */
export interface Writer {
  readonly env: Environment;
  readonly caller: Caller;
  /** The time of this request, in whole seconds: `2026-01-02T03:04:05Z`. */
  readonly now: string;
  /** Values by logical column name, lookups as `LookupValue`; returns the row as it was stored. */
  create(table: string, values: Values, options?: WriteOptions): Row;
  update(row: Row, changes: Values, options?: WriteOptions): Row;
  delete(row: Row): void;
  /** The row, or a 404. */
  read(table: string, id: string): Row;
}

/** How a write differs from a client's. */
export interface WriteOptions {
  /** The primary id, where it is given. */
  readonly id?: string;
  /** The service's own doing: state and read-only columns may be set, and the table's rules are not asked. */
  readonly internal?: boolean;
}

/** What is special about the rows of one table. Each may throw an `ApiError`. */
export interface TableRules {
  /** Before a row is stored; may complete `values`. */
  beforeCreate?(writer: Writer, table: TableDef, values: Values): void;
  afterCreate?(writer: Writer, row: Row): void;
  /** Before a row changes; `changes` holds only what the client sends and may be completed. */
  beforeUpdate?(writer: Writer, before: Row, changes: Values): void;
  afterUpdate?(writer: Writer, before: Row, after: Row): void;
  beforeDelete?(writer: Writer, row: Row): void;
  afterDelete?(writer: Writer, row: Row): void;
  /** Completes a row for reading: computed columns. */
  read?(env: Environment, row: Row): Values;
}

/**
 * What a folder brings to the core: standard tables, their rules, addresses of its own, first rows.
 * `tables/extension.ts` exports `tablesExtension`, `metadata/extension.ts` `metadataExtension`. The
 * core itself checks values and lookups, keeps keys, pairs of state and status, and the columns of the
 * platform (owner, created, modified, overriddencreatedon), and cascades deletes by relationship.
 */
export interface Extension {
  readonly tables?: readonly TableDef[];
  readonly relationships?: readonly RelationshipDef[];
  /** By logical table name; `*` is asked for every table, before the table's own. */
  readonly rules?: ReadonlyMap<string, TableRules>;
  readonly resources?: readonly Resource[];
  /** Settings of the environment's first start, within a transaction: rows such as the currency and the root business unit. */
  seed?(writer: Writer): void;
  /** Told when the clock was moved or some time has passed, before each request. */
  tick?(env: Environment): void;
}
