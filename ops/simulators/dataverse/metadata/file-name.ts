import type { TableRules } from "../extension.ts";
import type { ColumnDef } from "../model.ts";
import { readOnly, text } from "../tables/columns.ts";
import { columnOf } from "../tables/platform-columns.ts";

/** A column, and behind a file column the one that has the name of its file. */
export function withFileName(table: string, column: ColumnDef): ColumnDef[] {
  if (column.type !== "file") return [column];
  const more = { ...readOnly, custom: true, attributeOf: column.logicalName };
  return [column, columnOf(table, text(`${column.schemaName}_Name`, 200, more))];
}

/** Files go with their rows. */
export const fileRules: TableRules = {
  afterDelete({ env }, row) {
    for (const { type, logicalName } of env.model.known(row.table).columns) {
      const id = row.values[logicalName];
      if (type === "file" && typeof id === "string")
        env.database.sql.prepare("DELETE FROM file WHERE id = ?").run(id);
    }
  },
};
