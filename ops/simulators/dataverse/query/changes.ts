import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { badQuery } from "../web/api-error.ts";

/** What changed in a table since a delta link was given. */
export interface Changes {
  readonly rows: readonly Row[];
  /** Ids of rows that are gone. */
  readonly deleted: readonly string[];
}

/** Refuses to track a table that does not keep its changes. */
export function refuseUntracked(table: TableDef): void {
  if (table.changeTracking === true) return;
  throw badQuery(`Change tracking is not enabled for entity ${table.logicalName}.`);
}

/** The token of a delta link: everything up to this row version is known. */
export function deltaTokenOf(env: Environment, version: number): string {
  return `${version}!${new Date(env.clock.now()).toISOString().slice(0, 19).replace("T", " ")}`;
}

/** The rows written and deleted behind a delta token. */
export function changesSince(env: Environment, table: TableDef, token: string): Changes {
  refuseUntracked(table);
  const since = Number(token.split("!")[0]);
  if (!Number.isInteger(since)) throw badQuery("The delta token is not valid.");
  const name = table.logicalName;
  const select = env.database.sql.prepare(
    "SELECT id FROM deletion WHERE source = ? AND version > ? ORDER BY version",
  );
  const gone = select.all(name, since) as { id: string }[];
  const rows: Row[] = [];
  for (const row of env.rows(name).walk()) if (row.version > since) rows.push(row);
  const there = new Set(rows.map(({ id }) => id));
  return { rows, deleted: gone.map(({ id }) => id).filter((id) => !there.has(id)) };
}
