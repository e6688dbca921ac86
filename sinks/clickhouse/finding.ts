import { readdirSync, readFileSync } from "node:fs";
import { inChunk } from "./buckets.ts";
import type { Database } from "./database.ts";
import type { Judging } from "./judging.ts";

const folder = new URL("./findings/", import.meta.url);

/** Records looked at together: bounds the memory of it. */
const recordsPerChunk = 20_000;

/** Creates the tables of findings anew; they are filled when somebody asks. */
export async function createFindings(database: Database): Promise<void> {
  const tables = {
    source_living: `(entity LowCardinality(String), source_id String, facts Map(LowCardinality(String), String),
      kinds Array(LowCardinality(String)), properties Map(LowCardinality(String), String))
      ENGINE = MergeTree ORDER BY (entity, source_id)`,
    finding_found: `(kind LowCardinality(String), entity LowCardinality(String), source_id String)
      ENGINE = MergeTree ORDER BY (kind, entity, source_id)`,
  };
  for (const [name, definition] of Object.entries(tables)) {
    await database.command(`DROP TABLE IF EXISTS ${name}`);
    await database.command(`CREATE TABLE ${name} ${definition}`);
  }
}

/** Keeps the findings as new as the states. */
export class FindingSearch {
  readonly #database: Database;
  readonly #judging: Pick<Judging, "during" | "judgedAt">;
  #foundAt = -1;

  constructor(database: Database, judging: Pick<Judging, "during" | "judgedAt">) {
    this.#database = database;
    this.#judging = judging;
  }

  /** Resolves when the findings are those of the states as written before the call. */
  fresh(): Promise<void> {
    return this.during(async () => {});
  }

  /** Does something with findings and states that are of the same moment, and stay as they are meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T> {
    return this.#judging.during(async () => {
      if (this.#foundAt < this.#judging.judgedAt) await this.#find();
      return work();
    });
  }

  async #find(): Promise<void> {
    const { judgedAt } = this.#judging;
    const fill = (table: string, sql: string): Promise<void> =>
      this.#database.command(`INSERT INTO ${table} ${sql} SETTINGS max_threads = 1`);
    const [count] = await this.#database.select<{ rows: number }>(
      "SELECT count() AS rows FROM source_record",
    );
    const chunks = Math.max(1, Math.ceil((count?.rows ?? 0) / recordsPerChunk));
    for (const table of ["source_living", "finding_found"]) {
      await this.#database.command(`TRUNCATE TABLE ${table}`);
    }
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const part = inChunk("key", chunk, chunks);
      await fill("source_living", sqlOf("living.sql").replace("{{chunk}}", part));
    }
    const searches = readdirSync(folder).filter((name) => /^(?!living).*\.sql$/.test(name));
    for (const name of searches) await fill("finding_found", sqlOf(name));
    this.#foundAt = judgedAt;
  }
}

function sqlOf(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}
