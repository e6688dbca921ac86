import type { StatementSync } from "node:sqlite";
import { references, type SourceEntity } from "../core/source-record.ts";
import { entityCode } from "./store-schema.ts";

/** Merged records: who lost to whom. Chains are followed, circles are never let in. */
export class Aliases {
  readonly #statement: (sql: string) => StatementSync;
  /** Most tenants have few merges: an empty table costs no look-up. */
  #count: number;

  constructor(statement: (sql: string) => StatementSync) {
    this.#statement = statement;
    this.#count = Number(statement("SELECT count(*) AS n FROM alias").get()?.["n"]);
  }

  /** The record that stands for this one in the end. */
  winner(entity: SourceEntity, id: string): string {
    if (this.#count === 0) return id;
    const next = this.#statement("SELECT winner FROM alias WHERE entity = ? AND loser = ?");
    const code = entityCode(entity);
    let current = id;
    for (;;) {
      const found = next.get(code, current)?.["winner"] as string | undefined;
      if (found === undefined) return current;
      current = found;
    }
  }

  /** What this record lost to directly. */
  of(entity: SourceEntity, loser: string): string | undefined {
    if (this.#count === 0) return undefined;
    const sql = "SELECT winner FROM alias WHERE entity = ? AND loser = ?";
    return this.#statement(sql).get(entityCode(entity), loser)?.["winner"] as string | undefined;
  }

  /** False, and nothing noted, where the winner has lost to the loser. */
  add(entity: SourceEntity, loser: string, winner: string): boolean {
    if (this.winner(entity, winner) === loser) return false;
    this.#count += 1;
    this.#statement("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)").run(
      entityCode(entity),
      loser,
      winner,
    );
    return true;
  }

  remove(entity: SourceEntity, loser: string): void {
    this.#statement("DELETE FROM alias WHERE entity = ? AND loser = ?").run(
      entityCode(entity),
      loser,
    );
  }

  /** Writes every reference of a record to a loser as the winner; true where one was. */
  resolve(entity: SourceEntity, record: Record<string, unknown>): boolean {
    if (this.#count === 0) return false;
    let changed = false;
    for (const [field, target] of Object.entries(references[entity])) {
      const id = record[field];
      if (typeof id !== "string") continue;
      const winner = this.winner(target, id);
      if (winner === id) continue;
      record[field] = winner;
      changed = true;
    }
    return changed;
  }
}
