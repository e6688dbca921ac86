import type { Database } from "./database.ts";
import { type JudgeQuery, judgeSql } from "./views.ts";
import type { Writer } from "./writer.ts";

/** What is worked out anew, and shown in one step when it is whole. */
const shown = {
  record_judged: { query: "state", engine: "MergeTree ORDER BY (object, key)" },
  row_key: { query: "keys", engine: "ReplacingMergeTree(claimed) ORDER BY destination_id" },
} as const satisfies Record<string, { query: JudgeQuery; engine: string }>;

/** Steps between, of one chunk or of all. */
const between = ["unsettled", "expected", "found"] as const;

/** Records judged at a time: bounds the memory of it, whatever the migration's size. */
const recordsPerChunk = 12_000;

/** Creates the tables of states anew; they are worked out from the others before they are first read. */
export async function createJudged(database: Database): Promise<void> {
  const create = async (table: string, engine: string, query: JudgeQuery): Promise<void> => {
    await database.command(`DROP TABLE IF EXISTS ${table}`);
    await database.command(
      `CREATE TABLE ${table} ENGINE = ${engine} EMPTY AS ${judgeSql(query, 0, 1)}`,
    );
  };
  for (const name of ["row_key", "row_key_next"]) {
    await create(name, shown.row_key.engine, shown.row_key.query);
  }
  for (const query of between) await create(`judge_${query}`, "Memory", query);
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
  #judging: Promise<void> = Promise.resolve();

  constructor(database: Database, writer: Pick<Writer, "writes" | "between">) {
    this.#database = database;
    this.#writer = writer;
  }

  /** Resolves when the states show at least what was written before the call. */
  fresh(): Promise<void> {
    const wanted = this.#writer.writes();
    this.#judging = this.#judging
      .catch(() => {})
      .then(() =>
        this.judgedAt >= wanted ? undefined : this.#writer.between(() => this.#judge()),
      );
    return this.#judging;
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
    await this.#refill("unsettled", 0, 1);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.#refill("expected", chunk, chunks);
      await this.#refill("found", chunk, chunks);
      await this.#fill("record_judged_next", "state", chunk, chunks);
    }
    for (const name of Object.keys(shown))
      await command(`EXCHANGE TABLES ${name} AND ${name}_next`);
    for (const name of between) await command(`TRUNCATE TABLE judge_${name}`);
    this.judgedAt = writes;
  }

  async #refill(query: (typeof between)[number], chunk: number, chunks: number): Promise<void> {
    await this.#database.command(`TRUNCATE TABLE judge_${query}`);
    await this.#fill(`judge_${query}`, query, chunk, chunks);
  }

  #fill(table: string, query: JudgeQuery, chunk: number, chunks: number): Promise<void> {
    return this.#database.command(
      `INSERT INTO ${table} ${judgeSql(query, chunk, chunks)} SETTINGS max_threads = 1`,
    );
  }

  async #chunks(): Promise<number> {
    const [row] = await this.#database.select<{ rows: number }>(
      `SELECT greatest((SELECT count() FROM load_record), (SELECT count() FROM observed_row)) AS rows`,
    );
    return Math.max(1, Math.ceil((row?.rows ?? 0) / recordsPerChunk));
  }
}
