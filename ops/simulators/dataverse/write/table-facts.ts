import type { ColumnDef, TableDef } from "../model.ts";

/** What writes and reads ask of a table again and again. */
export interface TableFacts {
  readonly columns: ReadonlyMap<string, ColumnDef>;
  readonly state: ColumnDef | undefined;
  readonly status: ColumnDef | undefined;
  readonly money: readonly ColumnDef[];
  readonly defaults: readonly ColumnDef[];
  readonly autoNumbers: readonly ColumnDef[];
  readonly required: readonly ColumnDef[];
}

const known = new WeakMap<TableDef, TableFacts>();

/** The facts of a table, gathered once for each of its definitions. */
export function factsOf(table: TableDef): TableFacts {
  const found = known.get(table);
  if (found !== undefined) return found;
  const { columns } = table;
  const facts: TableFacts = {
    columns: new Map(columns.map((column) => [column.logicalName, column])),
    state: columns.find((column) => column.type === "state"),
    status: columns.find((column) => column.type === "status"),
    money: columns.filter(
      ({ type, logicalName }) => type === "money" && !logicalName.endsWith("_base"),
    ),
    defaults: columns.filter((column) => column.default !== undefined && column.type !== "status"),
    autoNumbers: columns.filter(
      (column) => column.autoNumberFormat !== undefined && column.autoNumberFormat !== "",
    ),
    required: columns.filter(
      (column) =>
        column.required === "SystemRequired" &&
        column.validForCreate !== false &&
        column.logicalName !== table.primaryId,
    ),
  };
  known.set(table, facts);
  return facts;
}
