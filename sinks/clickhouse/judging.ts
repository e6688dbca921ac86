import { inBuckets } from "./buckets.ts";
import type { Database } from "./database.ts";
import { type JudgeQuery, judgeSql } from "./views.ts";
import type { Writer } from "./writer.ts";

/** What is worked out anew, and shown in one step when it is whole. */
const shown = {
  record_judged: { query: "state", engine: "ENGINE = MergeTree ORDER BY (object, key)" },
  row_key: {
    query: "keys",
    engine: inBuckets("ReplacingMergeTree(claimed)", "destination_id", "destination_id"),
  },
} as const satisfies Record<string, { query: JudgeQuery; engine: string }>;

/** Steps between, of one chunk or of all. */
const between = {
  unsettled: "ENGINE = Memory",
  reads: inBuckets("MergeTree", "record", "object, record, part"),
  expected: "ENGINE = Memory",
  found: "ENGINE = Memory",
} as const satisfies Partial<Record<JudgeQuery, string>>;

/**
 * Records judged at a time: bounds the memory of it, whatever the migration's size. What it costs is in
 * proportion to the records, because the tables are in the order of their buckets.
 */
const recordsPerChunk = 12_000;

/** Creates the tables of states anew; they are worked out from the others before they are first read. */
export async function createJudged(database: Database): Promise<void> {
  const create = async (table: string, engine: string, query: JudgeQuery): Promise<void> => {
    await database.command(`DROP TABLE IF EXISTS ${table}`);
    await database.command(`CREATE TABLE ${table} ${engine} EMPTY AS ${judgeSql(query, 0, 1)}`);
  };
  for (const name of ["row_key", "row_key_next"]) {
    await create(name, shown.row_key.engine, shown.row_key.query);
  }
  for (const [query, engine] of Object.entries(between)) {
    await create(`judge_${query}`, engine, query as keyof typeof between);
  }
  for (const name of ["record_judged", "record_judged_next"]) {
    await create(name, shown.record_judged.engine, shown.record_judged.query);
  }
}

/** Keeps the states as new as what has been written. */
export class Judging {
  readonly #database: Database;
  readonly #writer: Pick<Writer, "writes" | "between">;
  /** How many writes the states show. */
  judgedAt = -1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, writer: Pick<Writer, "writes" | "between">) {
    this.#database = database;
    this.#writer = writer;
  }

  /** Resolves when the states show at least what was written before the call. */
  fresh(): Promise<void> {
    return this.during(async () => {});
  }

  /** Does something with states that show at least what was written before the call, and stay as they are meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T> {
    const wanted = this.#writer.writes();
    const done = this.#last.then(async () => {
      if (this.judgedAt < wanted) await this.#writer.between(() => this.#judge());
      return work();
    });
    // Its failure is its caller's.
    this.#last = done.catch(() => {});
    return done;
  }

  async #judge(): Promise<void> {
    const writes = this.#writer.writes();
    const chunks = await this.#chunks();
    const command = (sql: string) => this.#database.command(sql);
    for (const name of Object.keys(shown)) await command(`TRUNCATE TABLE ${name}_next`);
    await this.#fill("row_key_next", "unclaimed", 0, 1);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.#fill("row_key_next", "keys", chunk, chunks);
    }
    await command("OPTIMIZE TABLE row_key_next FINAL");
    for (const name of Object.keys(between)) await command(`TRUNCATE TABLE judge_${name}`);
    await this.#fill("judge_unsettled", "unsettled", 0, 1);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.#fill("judge_reads", "reads", chunk, chunks);
    }
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.#refill("expected", chunk, chunks);
      await this.#refill("found", chunk, chunks);
      await this.#fill("record_judged_next", "state", chunk, chunks);
    }
    for (const name of Object.keys(shown))
      await command(`EXCHANGE TABLES ${name} AND ${name}_next`);
    for (const name of Object.keys(between)) await command(`TRUNCATE TABLE judge_${name}`);
    this.judgedAt = writes;
  }

  async #refill(query: keyof typeof between, chunk: number, chunks: number): Promise<void> {
    await this.#database.command(`TRUNCATE TABLE judge_${query}`);
    await this.#fill(`judge_${query}`, query, chunk, chunks);
  }

  #fill(table: string, query: JudgeQuery, chunk: number, chunks: number): Promise<void> {
    return this.#database.command(
      `INSERT INTO ${table} ${judgeSql(query, chunk, chunks)} SETTINGS max_threads = 1`,
    );
  }

  async #chunks(): Promise<number> {
    const [row] = await this.#database.select<{ records: number }>(
      "SELECT greatest((SELECT uniq(object, key) FROM load_record), (SELECT uniq(destination_id) FROM observed_row)) AS records",
    );
    return Math.max(1, Math.ceil((row?.records ?? 0) / recordsPerChunk));
  }
}
