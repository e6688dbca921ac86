import type { ClickHouseClient } from "@clickhouse/client";
import { CutoverError } from "../../pipeline/core/errors.ts";

/** Where ClickHouse is: a server, or a folder for the embedded engine (one process owns it). */
export type ClickHouseAddress =
  | { readonly url: string; readonly database?: string }
  | { readonly path: string };

/** A row as inserted. */
export type Row = Readonly<Record<string, unknown>>;

/** The ledger's database. */
export interface Database {
  /** Rows of a query we wrote ourselves; values only ever as parameters. */
  select<T>(sql: string, parameters?: Readonly<Record<string, unknown>>): Promise<T[]>;
  /** The reply as text in a format, for a statement that has passed the gate. */
  text(sql: string, format: TextFormat): Promise<string>;
  insert(table: string, rows: readonly Row[]): Promise<void>;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Formats the SQL endpoint answers in. */
export const textFormats = [
  "JSONEachRow",
  "JSON",
  "CSVWithNames",
  "TSVWithNames",
  "PrettyCompact",
] as const;

/** One of them. */
export type TextFormat = (typeof textFormats)[number];

/** Bounds of every query: the ledger's process stays below 600 MB with the engine in it. */
export const bounds = {
  max_threads: 2,
  max_memory_usage: String(220 * 1024 * 1024),
  max_bytes_before_external_group_by: String(80 * 1024 * 1024),
  max_bytes_before_external_sort: String(80 * 1024 * 1024),
  max_block_size: "2048",
  // A wide map column would otherwise be buffered for many threads at once.
  max_insert_threads: "1",
  input_format_parallel_parsing: 0,
  output_format_json_quote_64bit_integers: 0,
  // Compiled expressions cost more memory than they save time at this size.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
} as const;

/** A database reached through ClickHouse's own client, embedded or on a server. */
export class LedgerDatabase implements Database {
  readonly #client: ClickHouseClient;
  /** The embedded engine keeps settings for its session; a server gets them with every query. */
  readonly #settings: { readonly clickhouse_settings?: Record<string, string | number> };

  constructor(client: ClickHouseClient, embedded: boolean) {
    this.#client = client;
    this.#settings = embedded ? {} : { clickhouse_settings: { ...bounds } };
  }

  async select<T>(sql: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<T[]> {
    return wrapped(async () => {
      const result = await this.#client.query({
        query: sql,
        query_params: { ...parameters },
        format: "JSONEachRow",
        ...this.#settings,
      });
      return result.json<T>();
    });
  }

  text(sql: string, format: TextFormat): Promise<string> {
    return wrapped(async () => {
      const result = await this.#client.query({
        query: sql,
        format: format as "JSONEachRow",
        ...this.#settings,
      });
      return result.text();
    });
  }

  async insert(table: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    await wrapped(() =>
      this.#client.insert({
        table: table,
        values: rows as Row[],
        format: "JSONEachRow",
        ...this.#settings,
      }),
    );
  }

  async command(sql: string): Promise<void> {
    await wrapped(() => this.#client.command({ query: sql, ...this.#settings }));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function wrapped<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CutoverError) throw error;
    throw new LedgerQueryError((error as Error).message, { cause: error });
  }
}

/** What ClickHouse said no to; the message is its own. */
export class LedgerQueryError extends Error {}
