import type { SinkGroup, SinkRow } from "../sink.ts";
import { closeRequest } from "./closed.ts";
import { codes, type Refusal, refused } from "./errors.ts";
import type { TableFacts } from "./metadata.ts";
import type { BatchRequest } from "./multipart.ts";
import type { RowForm } from "./row-form.ts";
import { typedObjectOf, type Write, writeOf } from "./write.ts";
import type { WriteHeaders } from "./write-headers.ts";

/** Fields that say how it is closed; the action takes them, not the activity. */
const howFields: readonly string[] = ["opportunitystatecode", "opportunitystatuscode"];

/** A closing on its way. */
export interface Closing {
  readonly write: Write;
  readonly how: { readonly state: number; readonly status: number } | undefined;
}

/** A closing as it is to be written, or why it cannot be. */
export function closingOf(
  form: RowForm,
  opportunity: TableFacts,
  { operation }: SinkGroup,
  row: SinkRow,
): Closing | Refusal {
  const fields = form.plan.fields.filter(({ name }) => !howFields.includes(name));
  const plain: RowForm = { ...form, plan: { ...form.plan, fields } };
  if (operation === "delete") {
    const write = writeOf(plain, operation, row);
    return "kind" in write ? write : { write, how: undefined };
  }
  const how = howOf(form.table, opportunity, row);
  if ("kind" in how) return how;
  // The activity is always made anew, so it takes what a new one takes.
  const write = writeOf(plain, "insert", row);
  return "kind" in write ? write : { write: { ...write, operation }, how };
}

function howOf(
  table: TableFacts,
  opportunity: TableFacts,
  { fields }: SinkRow,
): { readonly state: number; readonly status: number } | Refusal {
  const label = String(fields["opportunitystatecode"] ?? "");
  const states =
    table.columns.get("opportunitystatecode")?.options ??
    opportunity.columns.get("statecode")?.options;
  const state = states?.get(label);
  if (state !== 1 && state !== 2) {
    const said = `An opportunity is closed as Won or Lost, not as "${label}".`;
    return refused(codes.notAnOption, "opportunitystatecode", said);
  }
  const reason = fields["opportunitystatuscode"];
  if (reason === undefined || reason === null || reason === "") return { state, status: -1 };
  const status = opportunity.columns.get("statuscode")?.options?.get(String(reason));
  if (status !== undefined) return { state, status };
  const said = `Opportunities have no status reason "${String(reason)}".`;
  return refused(codes.notAnOption, "opportunitystatuscode", said);
}

/** The action that closes an opportunity and leaves this activity. */
export function closingRequest({ write, how }: Closing, headers: WriteHeaders): BatchRequest {
  return closeRequest(how?.state ?? 0, how?.status ?? -1, typedObjectOf(write), headers);
}
