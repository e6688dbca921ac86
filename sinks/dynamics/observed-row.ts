import type { FieldValue } from "../../pipeline/core/load-record.ts";
import { parseDatetime } from "../canonical.ts";
import type { DestinationRow } from "../sink.ts";
import { maySignIn } from "../user-rows.ts";
import { canonical } from "./canonical.ts";
import type { DynamicsClient } from "./client.ts";
import { isLookup, meaningOf, valueColumn } from "./lookups.ts";
import type { FieldReading, RowReading } from "./row-reading.ts";
import { type ApiRow, idOf } from "./standing.ts";

/** A row in the destination's canonical text; what a file holds is found out by reading it. */
export function toRow(
  { plan, table, fields: readings }: RowReading,
  users: Pick<DynamicsClient, "userId" | "userIds">,
  row: ApiRow,
): DestinationRow {
  const fields: Record<string, string | null> = {};
  for (const reading of readings) fields[reading.field.name] = fieldText(reading, row);
  // Compared with the technician's own state and reported; never written.
  if (table.logical === "systemuser") fields[maySignIn] = String(row["isdisabled"] !== true);
  const key = plan.keyField === "" ? null : row[plan.keyField];
  return {
    object: plan.object,
    destinationId: idOf(table, row),
    key: typeof key === "string" && key !== "" ? key : null,
    deleted: false,
    fields,
    modifiedAt: parseDatetime(String(row["modifiedon"])),
    modifiedBy: writerOf(users, row),
  };
}

function fieldText(reading: FieldReading, row: ApiRow): string | null {
  const { field, targets, labels } = reading;
  if (reading.named !== undefined) return canonical(field, reading.named.read(row));
  if (isLookup(field)) return meaningOf(row, field.name, targets);
  const value = (row[columnOf(reading, row)] ?? null) as FieldValue;
  if (labels === undefined || value === null) return canonical(field, value);
  const named = choicesOf(value).map((each) => labels.get(Number(each)) ?? each);
  return canonical(field, named.join(";"));
}

/** Whether a row holds a choice whose label is not known. */
export function hasUnknownChoice({ fields }: RowReading, row: ApiRow): boolean {
  return fields.some(
    ({ field, labels }) =>
      labels !== undefined && choicesOf(row[field.name]).some((each) => !labels.has(Number(each))),
  );
}

/** The values of a choice, or of several: `1,2`. */
function choicesOf(value: unknown): readonly string[] {
  return value === undefined || value === null || value === "" ? [] : String(value).split(",");
}

/** A date of creation that was given stands where the real one would; the real one stands in its place. */
function columnOf({ field: { name } }: FieldReading, row: ApiRow): string {
  return name === "overriddencreatedon" && row[name] != null ? "createdon" : name;
}

/** Whoever wrote the row last; all our users, also on behalf of others, are one. */
function writerOf(
  { userId, userIds }: Pick<DynamicsClient, "userId" | "userIds">,
  row: ApiRow,
): string | null {
  const [by, behalf] = ["modifiedby", "modifiedonbehalfby"].map((name) => row[valueColumn(name)]);
  const ids = [by, behalf].flatMap((id) => (typeof id === "string" ? [id.toLowerCase()] : []));
  if (ids.some((id) => userIds.includes(id))) return userId;
  return ids[0] ?? null;
}
