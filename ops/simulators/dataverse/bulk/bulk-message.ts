import type { BulkMessage, TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { ApiError, badArgument, badPayload, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { takeAddress } from "../web/entity.ts";
import { createDraft, updateDraft } from "../write/apply-draft.ts";
import { draftOf } from "../write/payload.ts";
import { findRow, needRow, referenceOf, type RowAddress } from "../write/reference.ts";
import { valueOf } from "../write/values.ts";
import { writerOf } from "../write/writer.ts";

type Target = Readonly<Record<string, unknown>>;

const messages: readonly string[] = [
  "CreateMultiple",
  "UpdateMultiple",
  "UpsertMultiple",
  "DeleteMultiple",
];

/** Answers a bulk message: all of its rows or none, and no word about which one was at fault. */
export function bulkReply(call: Call, table: TableDef, message: string): Reply {
  if (!messages.includes(message)) throw noSuchSegment(`Microsoft.Dynamics.CRM.${message}`);
  if (!supports(table, message as BulkMessage)) {
    const said = `The '${message}' method does not support entities of type '${table.logicalName}'.`;
    throw new ApiError(400, "0x80040800", said);
  }
  const targets = targetsOf(call, table);
  const rows = targets.length;
  if (message === "CreateMultiple") {
    const writer = writerOf(call.env, call.caller);
    const Ids = targets.map(
      (target) => createDraft(writer, draftOf(call, table, target, "create")).id,
    );
    const context = `${call.base}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`;
    return { status: 200, json: { "@odata.context": context, Ids }, rows };
  }
  if (message === "UpdateMultiple") updateAll(call, table, targets);
  else if (message === "UpsertMultiple") for (const target of targets) upsert(call, table, target);
  else
    for (const target of targets)
      writerOf(call.env, call.caller).delete(needRow(call.env, needAddress(call, table, target)));
  return { status: 204, rows };
}

/** UpsertMultiple works where the other two do, whether it is listed or not. */
function supports(table: TableDef, message: BulkMessage): boolean {
  if (table.messages.includes(message)) return true;
  return (
    message === "UpsertMultiple" &&
    table.messages.includes("CreateMultiple") &&
    table.messages.includes("UpdateMultiple")
  );
}

function targetsOf(call: Call, table: TableDef): readonly Target[] {
  const targets = (call.body as { Targets?: unknown } | undefined)?.Targets;
  if (!Array.isArray(targets)) throw badArgument("The parameter Targets is missing.");
  const type = `Microsoft.Dynamics.CRM.${table.logicalName}`;
  for (const target of targets as (Target | null)[]) {
    if (typeof target !== "object" || target === null) throw badArgument("A target is no record.");
    const named = target["@odata.type"];
    if (typeof named !== "string")
      throw badPayload("crmbaseentity", "A target has no @odata.type.");
    if (named.replace(/^#/, "") !== type)
      throw badPayload(table.logicalName, `The type '${named}' is not '${type}'.`);
  }
  return targets as Target[];
}

/** The row a target names: by its primary id, or by `@odata.id`. */
function addressOf(call: Call, table: TableDef, target: Target): RowAddress | undefined {
  const reference = target["@odata.id"];
  if (typeof reference === "string") return referenceOf(call, reference);
  const given = target[table.primaryId];
  if (given === undefined || given === null) return undefined;
  const column = {
    logicalName: table.primaryId,
    schemaName: table.primaryId,
    metadataId: "",
    type: "uniqueidentifier",
  } as const;
  return { table, id: String(valueOf({ model: call.env.model, table, column }, given)) };
}

function needAddress(call: Call, table: TableDef, target: Target): RowAddress {
  const address = addressOf(call, table, target);
  if (address === undefined) throw badArgument(`A target has no ${table.primaryId}.`);
  return address;
}

function updateAll(call: Call, table: TableDef, targets: readonly Target[]): void {
  const writer = writerOf(call.env, call.caller);
  const seen = new Set<string>();
  const rows = targets.map((target): readonly [Row, Target] => {
    const row = needRow(call.env, needAddress(call, table, target));
    if (seen.has(row.id)) throw badArgument("The same record is among the targets twice.");
    seen.add(row.id);
    return [row, target];
  });
  for (const [row, target] of rows) {
    // An earlier target may have changed it on its way.
    const current = writer.read(row.table, row.id);
    updateDraft(writer, current, draftOf(call, table, target, "update"));
  }
}

function upsert(call: Call, table: TableDef, target: Target): void {
  const writer = writerOf(call.env, call.caller);
  const address = addressOf(call, table, target);
  const row = address === undefined ? undefined : findRow(call.env, address);
  if (row !== undefined) {
    const draft = draftOf(call, table, target, "update");
    if (address !== undefined && !("id" in address))
      for (const column of address.key.columns) delete draft.values[column];
    updateDraft(writer, row, draft);
    return;
  }
  const draft = draftOf(call, table, target, "create");
  if (address !== undefined) {
    // PowerPlatform-DataverseClient-Python PR 127: the real service fails here, and only for new rows.
    const repeated =
      !("id" in address) &&
      address.key.columns.some((column) => draft.values[column] !== undefined);
    if (repeated) throw new ApiError(400, "0x80040216", "An unexpected error occurred.");
    takeAddress(draft, address);
  }
  createDraft(writer, draft);
}
