import type { SinkRow } from "../sink.ts";
import { codes, type Refusal, refused } from "./errors.ts";
import type { TableFacts } from "./metadata.ts";
import type { RowForm } from "./row-form.ts";

/** A state and, where one is named, the reason within it. */
export interface StateChange {
  readonly statecode: number;
  readonly statuscode?: number;
}

/** Columns no create takes: a row begins open, and its state is set behind it. */
export const stateFields: readonly string[] = ["statecode", "statuscode"];

/** The state a row is to have, by the labels of its plan; undefined where the plan has no state. */
export function stateOf(
  { plan, table }: RowForm,
  fields: SinkRow["fields"],
): StateChange | Refusal | undefined {
  if (!plan.fields.some(({ name }) => name === "statecode")) return reasonOf(table, fields);
  const label = fields["statecode"];
  if (label === undefined || label === null || label === "") return undefined;
  const statecode = table.columns.get("statecode")?.options?.get(String(label));
  if (statecode === undefined) return unknown(table, "statecode", label);
  const reason = fields["statuscode"];
  if (reason === undefined || reason === null || reason === "") return { statecode };
  const status = table.columns.get("statuscode");
  const statuscode = status?.options?.get(String(reason));
  if (statuscode === undefined) return unknown(table, "statuscode", reason);
  return { statecode, statuscode };
}

/** A plan may name a reason alone: it says its state. */
function reasonOf(table: TableFacts, fields: SinkRow["fields"]): StateChange | Refusal | undefined {
  const reason = fields["statuscode"];
  if (reason === undefined || reason === null || reason === "") return undefined;
  const status = table.columns.get("statuscode");
  const statuscode = status?.options?.get(String(reason));
  if (statuscode === undefined) return unknown(table, "statuscode", reason);
  return { statecode: status?.states?.get(statuscode) ?? 0, statuscode };
}

function unknown({ logical }: TableFacts, field: string, label: unknown): Refusal {
  return refused(
    codes.notAnOption,
    field,
    `${field} of ${logical} has no option "${String(label)}".`,
  );
}

/** What opens a row of a table: its first reason is the service's to choose. */
export const opened: StateChange = { statecode: 0 };
