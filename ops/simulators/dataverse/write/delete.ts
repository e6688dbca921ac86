import type { Writer } from "../extension.ts";
import type { OneToManyDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { ApiError } from "../web/api-error.ts";
import { demand } from "./privileges.ts";

/** Deletes a row; what refers to it is deleted, let go, or forbids it, as each relationship says. */
export function deleteRow(writer: Writer, row: Row): void {
  const { env } = writer;
  const table = env.model.known(row.table);
  demand(env, writer.caller, "Delete", table);
  const rules = env.rulesOf(row.table);
  for (const rule of rules) rule.beforeDelete?.(writer, row);
  const relationships = env.model.oneToMany(row.table);
  for (const one of relationships)
    if (one.cascade.Delete === "Restrict") refuseReferred(writer, row, one);
  for (const one of relationships) cascade(writer, row, one);
  env.keys.leave(table, row);
  env.rows(row.table).drop(row);
  const { sql } = env.database;
  sql.prepare("DELETE FROM link WHERE one = ? OR two = ?").run(row.id, row.id);
  if (table.changeTracking === true) {
    sql
      .prepare("INSERT OR REPLACE INTO deletion VALUES (?, ?, ?)")
      .run(row.table, row.id, env.nextVersion());
  }
  for (const rule of rules) rule.afterDelete?.(writer, row);
}

function refuseReferred(writer: Writer, row: Row, one: OneToManyDef): void {
  const referring = writer.env
    .rows(one.referencingEntity)
    .referring(one.referencingAttribute, row.id);
  for (const _row of referring) {
    throw new ApiError(
      405,
      "0x80040227",
      `The object you tried to delete is associated with another object and cannot be deleted. (relationship ${one.schemaName})`,
    );
  }
}

function cascade(writer: Writer, row: Row, one: OneToManyDef): void {
  const { env } = writer;
  const action = one.cascade.Delete;
  if (action !== "Cascade" && action !== "RemoveLink") return;
  const rows = env.rows(one.referencingEntity);
  for (const child of [...rows.referring(one.referencingAttribute, row.id)]) {
    // A cascade that went another way may have come first.
    const current = rows.get(child.id);
    if (current === undefined) continue;
    if (action === "Cascade") deleteRow(writer, current);
    else writer.update(current, { [one.referencingAttribute]: null }, { internal: true });
  }
}
