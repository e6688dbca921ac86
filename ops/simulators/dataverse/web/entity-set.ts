import type { TableDef } from "../model.ts";
import { optionsOf } from "../query/options.ts";
import { annotationsOf, rendererOf } from "../query/render.ts";
import type { Row } from "../rows/row.ts";
import { createDraft } from "../write/apply-draft.ts";
import { refuseDuplicates } from "../write/duplicates.ts";
import { draftOf } from "../write/payload.ts";
import { writerOf } from "../write/writer.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";
import { appliedPreferences } from "./preferences.ts";

/** Answers a POST to a set; `values` are set beside the payload's. */
export function createReply(call: Call, table: TableDef, values: Row["values"] = {}): Reply {
  const { env } = call;
  if (table.notCreatable === true) {
    const message = `The 'Create' method does not support entities of type '${table.logicalName}'.`;
    throw new ApiError(400, "0x80040800", message);
  }
  const draft = draftOf(call, table, call.body, "create");
  Object.assign(draft.values, values);
  refuseDuplicates(call, draft);
  const row = createDraft(writerOf(env, call.caller), draft);
  return writtenReply(call, table, row, { created: true });
}

/** The answer to a write of one row: 204 with its address, or the row where it was asked for. */
export function writtenReply(
  call: Call,
  table: TableDef,
  row: Row,
  options: { readonly created: boolean; readonly address?: string },
): Reply {
  const address = `${call.base}/${table.entitySetName}(${options.address ?? row.id})`;
  const headers = { "OData-EntityId": address, ...(options.created ? { Location: address } : {}) };
  if (call.prefer.get("return") !== "representation") return { status: 204, headers };
  const annotations = annotationsOf(call.prefer.get("odata.include-annotations"));
  const shown = rendererOf(call.env, table, optionsOf(call.query), annotations)(row);
  const json = {
    "@odata.context": `${call.base}/$metadata#${table.entitySetName}/$entity`,
    ...shown,
  };
  const applied = appliedPreferences(["return=representation"]);
  return { status: options.created ? 201 : 200, headers: { ...headers, ...applied }, json };
}
