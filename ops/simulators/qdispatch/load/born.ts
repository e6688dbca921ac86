import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { Entity, Row } from "../truth/row.ts";

/** The fields every record has. */
export function born(id: string, at: number): Row {
  return { id, created_at: iso(at), updated_at: iso(at), created_by: null, active: true };
}

/** Commits a record at its own `updated_at`. */
export function put(ledger: Ledger, entity: Entity, row: Row): void {
  ledger.append(entity, row, { commitAt: Date.parse(String(row.updated_at)) });
}
