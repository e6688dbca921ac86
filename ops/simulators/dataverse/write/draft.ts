import type { OneToManyDef, TableDef } from "../model.ts";
import type { LookupValue, Values } from "../rows/row.ts";
import { type ApiError, badPayload } from "../web/api-error.ts";
import type { Collection } from "./navigation.ts";
import type { ReferenceContext } from "./reference.ts";

/** What a payload says about a row and the rows that come with it. */
export interface Draft {
  readonly table: TableDef;
  id: string | undefined;
  readonly values: Values;
  /** Rows to be created before it, to which its lookups then point. */
  readonly parents: { readonly relationship: OneToManyDef; readonly draft: Draft }[];
  /** Rows to be created behind it. */
  readonly children: { readonly collection: Collection; readonly draft: Draft }[];
  /** Rows to be associated with it. */
  readonly links: { readonly collection: Collection; readonly target: LookupValue }[];
}

/** Whether a payload makes a row or changes one; what is not valid for it is ignored. */
export type Purpose = "create" | "update";

/** A payload being read. */
export interface Reading {
  readonly context: ReferenceContext;
  readonly draft: Draft;
  readonly purpose: Purpose;
  /** Reads the payload of a row within the row. */
  inner(table: TableDef, body: unknown): Draft;
}

/** 400: a name that is no column and no navigation property of the table. */
export function undeclared(table: TableDef, name: string): ApiError {
  return badPayload(
    table.logicalName,
    `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  );
}
