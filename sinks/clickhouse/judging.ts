import type { Database } from "./database.ts";
import { judgeSql } from "./views.ts";
import type { Writer } from "./writer.ts";

const judged = "record_judged";
const next = "record_judged_next";

/** Keys judged at a time: bounds the memory of it, whatever the migration's size. */
const keysPerChunk = 12_000;

/** Creates the table of states anew; it is worked out from the others before it is first read. */
export async function createJudged(database: Database): Promise<void> {
  for (const table of [judged, next]) {
    await database.command(`DROP TABLE IF EXISTS ${table}`);
    await database.command(
      `CREATE TABLE ${table} ENGINE = MergeTree ORDER BY (object, key) EMPTY AS ${judgeSql(0, 1)}`,
    );
  }
}

/** Keeps the states as new as what has been written. */
export class Judging {
  readonly #database: Database;
  readonly #writer: Pick<Writer, "writes" | "between">;
  #judgedAt = -1;
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
        this.#judgedAt >= wanted ? undefined : this.#writer.between(() => this.#judge()),
      );
    return this.#judging;
  }

  async #judge(): Promise<void> {
    const writes = this.#writer.writes();
    const chunks = await this.#chunks();
    await this.#database.command(`TRUNCATE TABLE ${next}`);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.#database.command(
        `INSERT INTO ${next} ${judgeSql(chunk, chunks)} SETTINGS max_threads = 1`,
      );
    }
    await this.#database.command(`EXCHANGE TABLES ${judged} AND ${next}`);
    this.#judgedAt = writes;
  }

  async #chunks(): Promise<number> {
    const [row] = await this.#database.select<{ rows: number }>(
      `SELECT greatest((SELECT count() FROM load_record), (SELECT count() FROM observed_row)) AS rows`,
    );
    return Math.max(1, Math.ceil((row?.rows ?? 0) / keysPerChunk));
  }
}
