import type { StatementSync } from "node:sqlite";
import type { SourceEntity } from "../core/source-record.ts";
import { entityCode } from "./store-schema.ts";

/** Ids whose newest row was rejected, with that row's hash: the same row is not rejected twice. */
export class RejectedRows {
  readonly #statement: (sql: string) => StatementSync;
  /** Few tenants have any: an empty table costs no look-up. */
  #any: boolean;

  constructor(statement: (sql: string) => StatementSync) {
    this.#statement = statement;
    this.#any = statement("SELECT 1 FROM rejected LIMIT 1").get() !== undefined;
  }

  hashOf(entity: SourceEntity, id: string): string | undefined {
    if (!this.#any) return undefined;
    const sql = "SELECT hash FROM rejected WHERE entity = ? AND id = ?";
    return this.#statement(sql).get(entityCode(entity), id)?.["hash"] as string | undefined;
  }

  set(entity: SourceEntity, id: string, hash: string): void {
    this.#any = true;
    const sql = "INSERT OR REPLACE INTO rejected VALUES (?, ?, ?)";
    this.#statement(sql).run(entityCode(entity), id, hash);
  }

  clear(entity: SourceEntity, id: string): void {
    const sql = "DELETE FROM rejected WHERE entity = ? AND id = ?";
    this.#statement(sql).run(entityCode(entity), id);
  }
}
