import type { StatementSync } from "node:sqlite";
import type { SourceEntity } from "../core/source-record.ts";
import { entityCode } from "./store-schema.ts";

/** What a whole census says about the records we hold. */
export interface CensusResult {
  readonly living: number;
  /** Living here, not there, and last read before the census began. */
  readonly absent: number;
  /** Living there, but unknown here or dead: to be read again. */
  readonly unexpected: readonly string[];
}

/** Whom censuses have missed. */
export interface Missed {
  /** Missed as often in a row as the profile asks for. */
  readonly gone: readonly string[];
  /** How many were missed less often: another census decides about them. */
  readonly suspected: number;
}

/** Fewer absent records than this are believed whatever their share: of five rows one is 20 %. */
const alwaysBelieved = 20;

/** More are read by the next census. */
export const unexpectedAtMost = 1000;

/** The ids that live at the source, gathered page by page and compared in one go. */
export class Census {
  readonly #statement: (sql: string) => StatementSync;

  constructor(statement: (sql: string) => StatementSync) {
    this.#statement = statement;
  }

  begin(entity: SourceEntity): void {
    this.#statement("DELETE FROM census WHERE entity = ?").run(entityCode(entity));
  }

  add(entity: SourceEntity, ids: readonly string[]): void {
    const insert = this.#statement("INSERT OR IGNORE INTO census VALUES (?, ?)");
    const code = entityCode(entity);
    for (const id of ids) insert.run(code, id);
  }

  result(entity: SourceEntity, begunAt: number): CensusResult {
    const code = entityCode(entity);
    const count = (sql: string, ...values: number[]): number =>
      Number(this.#statement(sql).get(...values)?.["n"]);
    const unexpected = this.#statement(
      `SELECT c.id FROM census c LEFT JOIN record r ON r.entity = c.entity AND r.id = c.id
       WHERE c.entity = ? AND (r.state = 1 OR (r.id IS NULL AND NOT EXISTS
         (SELECT 1 FROM rejected j WHERE j.entity = c.entity AND j.id = c.id))) LIMIT ?`,
    ).all(code, unexpectedAtMost);
    return {
      living: count("SELECT count(*) AS n FROM record WHERE entity = ? AND state = 0", code),
      absent: count(`SELECT count(*) AS n FROM record r WHERE ${absent}`, code, begunAt),
      unexpected: unexpected.map((row) => row["id"] as string),
    };
  }

  /** Counts the census against every absent record; says who was missed by `confirm` censuses in a row, and how many by fewer. */
  miss(entity: SourceEntity, begunAt: number, confirm: number): Missed {
    const code = entityCode(entity);
    this.#statement(`UPDATE record AS r SET misses = 0 WHERE ${present}`).run(code);
    this.#statement(`UPDATE record AS r SET misses = misses + 1 WHERE ${absent}`).run(
      code,
      begunAt,
    );
    const gone = this.#statement(
      "SELECT id FROM record WHERE entity = ? AND state = 0 AND misses >= ?",
    ).all(code, confirm);
    const suspected = this.#statement(
      "SELECT count(*) AS n FROM record WHERE entity = ? AND state = 0 AND misses > 0 AND misses < ?",
    ).get(code, confirm);
    return { gone: gone.map((row) => row["id"] as string), suspected: Number(suspected?.["n"]) };
  }
}

const absent = `r.entity = ? AND r.state = 0 AND r.read_at < ?
  AND NOT EXISTS (SELECT 1 FROM census c WHERE c.entity = r.entity AND c.id = r.id)`;

const present = `r.entity = ? AND r.misses > 0
  AND EXISTS (SELECT 1 FROM census c WHERE c.entity = r.entity AND c.id = r.id)`;

/** Whether a census can be believed: a list that glitched to empty or half must delete nothing. */
export function believable(result: CensusResult, maxDrop: number): boolean {
  return result.absent <= Math.max(alwaysBelieved, Math.floor(result.living * maxDrop));
}
