import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import type { SinkGroup, SinkRow } from "../sink.ts";
import { cellOf, nullCell } from "./values.ts";

type Fields = Readonly<Record<string, FieldValue>>;

/** One row of an upload: a record is one of them, or several. */
export interface UploadRow {
  readonly key: string;
  /** Which of the record's rows, from 1. */
  readonly part: number;
  readonly id: string | null;
  /** Of the record and of this row of it; empty where the record has not been read again yet. */
  readonly fields: Fields;
}

/** The rows of a group as they are uploaded, each read once and not kept. */
export function* uploadRows({ plan, operation, rows }: SinkGroup): Generator<UploadRow> {
  const varies = plan.fields.some((field) => field.perRow === true);
  for (const row of rows) {
    const { key, destinationId: id } = row;
    const ids = [id, ...(row.moreIds ?? [])];
    if (operation === "delete") {
      yield* ids.map((each, at) => ({ key, part: at + 1, id: each, fields: {} }));
    } else if (varies) yield* partsOf(row, ids);
    else yield { key, part: 1, id, fields: row.fields };
  }
}

function* partsOf(row: SinkRow, ids: readonly (string | null)[]): Generator<UploadRow> {
  const { key, fields, rows } = row;
  for (const [at, own] of (rows ?? [{}]).entries()) {
    yield { key, part: at + 1, id: ids[at] ?? null, fields: { ...fields, ...own } };
  }
}

/** Characters of a field and of a record (Bulk API 2.0 limits): one row above them fails its whole job. */
const mostCellCharacters = 131_072;
const mostRowCharacters = 400_000;

/** Whether one line of an upload can say the values: none too long, none a text that means null there. */
export function isSayable(fields: Fields): boolean {
  let characters = 0;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== "string") continue;
    // In a cell these four characters mean null, and no escape says otherwise.
    if (value === nullCell || value.length > mostCellCharacters) return false;
    characters += value.length;
  }
  // Numbers, dates and ids beside the texts are short.
  return characters < mostRowCharacters - 10_000;
}

/** Columns of an upload, in the plan's order, without the key. */
export interface Columns {
  /** Those that a row which was looked at fills. */
  readonly filled: readonly FieldPlan[];
  /** Those that none of them fills. */
  readonly empty: readonly FieldPlan[];
}

/** The plan's columns as the group's first rows fill them, at most so many of them. */
export function columnsOf(group: SinkGroup, most: number): Columns {
  const { plan, operation } = group;
  const wanted = plan.fields.filter(({ name }) => name !== plan.keyField);
  const possible = wanted.filter((field) => operation === "insert" || field.createOnly !== true);
  const missing = new Set(possible);
  let read = 0;
  for (const row of uploadRows(group)) {
    for (const field of missing) if (fills(row, field)) missing.delete(field);
    read += 1;
    if (missing.size === 0 || read >= most) break;
  }
  return { filled: possible.filter((field) => !missing.has(field)), empty: [...missing] };
}

/** Whether a row has a value for the column, also an empty one. */
export function fills({ fields }: UploadRow, { name }: FieldPlan): boolean {
  return fields[name] !== undefined;
}

/** A row's cell of a column; a field the row does not name is left as it is. */
export function fieldCell(field: FieldPlan, { fields }: UploadRow): string {
  const value = fields[field.name];
  return value === undefined ? "" : cellOf(field, value);
}

/** A row's cell of the key column; a released row loses our key. */
export function keyCell(keyField: string, { key, part, fields }: UploadRow): string {
  if (fields[keyField] === null) return nullCell;
  return part === 1 ? key : `${key}/${part}`;
}
