import type { TableDef } from "../model.ts";
import { optionsOf } from "../query/options.ts";
import { annotationsOf, etagOf, rendererOf } from "../query/render.ts";
import type { Row } from "../rows/row.ts";
import { createDraft, updateDraft } from "../write/apply-draft.ts";
import { refuseDuplicates } from "../write/duplicates.ts";
import type { Draft } from "../write/draft.ts";
import { draftOf } from "../write/payload.ts";
import { demand } from "../write/privileges.ts";
import { findRow, needRow, type RowAddress, rowAddressOf } from "../write/reference.ts";
import { writerOf } from "../write/writer.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply, Segment } from "./call.ts";
import { ifMatch, ifNoneMatch, refuseStale } from "./preconditions.ts";
import { appliedPreferences } from "./preferences.ts";
import { writtenReply } from "./entity-set.ts";

/** Answers a call to one row: read, update or create, delete. */
export function entityReply(call: Call, segment: Segment): Reply {
  const address = rowAddressOf(call.env, segment);
  switch (call.method) {
    case "GET":
      return readReply(call, address.table, needRow(call.env, address));
    case "PATCH":
      return upsertReply(call, segment, address);
    case "DELETE":
      return deleteReply(call, address);
    default:
      throw new ApiError(
        405,
        "0x80060888",
        `The HTTP verb ${call.method} used is not supported for this resource.`,
      );
  }
}

/** Answers a GET of one row; 304 where the caller has this version. */
export function readReply(call: Call, table: TableDef, row: Row): Reply {
  demand(call.env, call.caller, "Read", table);
  const options = optionsOf(call.query);
  const preference = call.prefer.get("odata.include-annotations");
  if (
    ifNoneMatch(call) === etagOf(row) &&
    options.expand.length === 0 &&
    preference === undefined
  ) {
    return { status: 304, headers: { ETag: etagOf(row) } };
  }
  const shown = rendererOf(call.env, table, options, annotationsOf(preference))(row);
  const selected = options.select === undefined ? "" : `(${options.select.join(",")})`;
  const context = `${call.base}/$metadata#${table.entitySetName}${selected}/$entity`;
  const applied = appliedPreferences([
    preference === undefined ? undefined : `odata.include-annotations="${preference}"`,
  ]);
  return {
    status: 200,
    headers: { ETag: etagOf(row), ...applied },
    json: { "@odata.context": context, ...shown },
    rows: 0,
  };
}

function upsertReply(call: Call, segment: Segment, address: RowAddress): Reply {
  const { env } = call;
  const { table } = address;
  const row = findRow(env, address);
  if (row !== undefined && ifNoneMatch(call) === "*") {
    throw new ApiError(412, "", "A record with matching key values already exists.");
  }
  // A row that is addressed by its key is named by its key again, never by its id.
  const named = "id" in address ? {} : { address: encodeURI(segment.rawKey) };
  if (row !== undefined) {
    refuseStale(call, table, row);
    const draft = draftOf(call, table, call.body, "update");
    if (!("id" in address)) for (const column of address.key.columns) delete draft.values[column];
    refuseDuplicates(call, draft, row);
    const updated = updateDraft(writerOf(env, call.caller), row, draft);
    return writtenReply(call, table, updated, { created: false, ...named });
  }
  if (ifMatch(call) !== undefined) needRow(env, address);
  const draft = draftOf(call, table, call.body, "create");
  takeAddress(draft, address);
  refuseDuplicates(call, draft);
  const created = createDraft(writerOf(env, call.caller), draft);
  return writtenReply(call, table, created, { created: true, ...named });
}

/** Gives a new row the id or the key values of its address; they win over the payload's. */
export function takeAddress(draft: Draft, address: RowAddress): void {
  if ("id" in address) draft.id = address.id;
  else Object.assign(draft.values, address.values);
}

function deleteReply(call: Call, address: RowAddress): Reply {
  const row = needRow(call.env, address);
  refuseStale(call, address.table, row);
  writerOf(call.env, call.caller).delete(row);
  return { status: 204 };
}
