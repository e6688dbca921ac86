import type { ColumnDef, Model, TableDef } from "../model.ts";
import { type ApiError, badPayload } from "../web/api-error.ts";

/** Where a value stands, for the errors. */
export interface Place {
  readonly model: Model;
  readonly table: TableDef;
  readonly column: ColumnDef;
}

/** 400: a value of another type than the column's. */
export function wrongType({ table }: Place, raw: unknown, type: string): ApiError {
  const said = typeof raw === "string" ? raw.slice(0, 100) : JSON.stringify(raw);
  return badPayload(
    table.logicalName,
    `Cannot convert the literal '${said}' to the expected type '${type}'.`,
  );
}
