import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import { applied } from "../query/apply.ts";
import { skipTokenOf } from "../query/cookie.ts";
import { optionsOf, type QueryOptions } from "../query/options.ts";
import { countLimit, countOf, pageOf } from "../query/page.ts";
import { annotationsOf, rendererOf } from "../query/render.ts";
import type { Row } from "../rows/row.ts";
import { createDraft } from "../write/apply-draft.ts";
import { refuseDuplicates } from "../write/duplicates.ts";
import { draftOf } from "../write/payload.ts";
import { demand } from "../write/privileges.ts";
import { writerOf } from "../write/writer.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";
import { appliedPreferences } from "./preferences.ts";

const largestPage = 5_000;

/** Answers a GET of a set or of a collection of a row: a page, or what `$apply` makes of the rows. */
export function listReply(call: Call, table: TableDef, within?: () => Iterable<Row>): Reply {
  const { env } = call;
  demand(env, call.caller, "Read", table);
  const options = optionsOf(call.query);
  const context = `${call.base}/$metadata#${table.entitySetName}`;
  if (options.apply !== undefined) {
    return {
      status: 200,
      json: { "@odata.context": context, value: applied(env, table, options.apply) },
    };
  }
  const preference = call.prefer.get("odata.include-annotations");
  const annotations = annotationsOf(preference);
  const asked = Number(call.prefer.get("odata.maxpagesize"));
  const paged = Number.isInteger(asked) && asked > 0;
  const size = Math.min(paged ? asked : largestPage, largestPage);
  // `$top` counts for nothing beside a page size.
  const top = paged ? undefined : options.top;
  const page = pageOf(env, table, options, {
    size: Math.min(size, top ?? size),
    ...(within && { within }),
  });
  const render = rendererOf(env, table, options, annotations);
  const next = page.next === undefined || top !== undefined ? undefined : page.next;
  const json = {
    "@odata.context": `${context}${selected(options)}`,
    ...countsOf(env, table, options, annotations),
    ...(annotations("Microsoft.Dynamics.CRM.morerecords")
      ? { "@Microsoft.Dynamics.CRM.morerecords": next !== undefined }
      : {}),
    value: page.rows.map(render),
    ...(next === undefined
      ? {}
      : { "@odata.nextLink": nextLink(call, skipTokenOf(next, table.primaryId)) }),
  };
  const headers = appliedPreferences([
    paged ? `odata.maxpagesize=${size}` : undefined,
    preference === undefined ? undefined : `odata.include-annotations="${preference}"`,
  ]);
  return { status: 200, json, headers, rows: 0 };
}

function selected(options: QueryOptions): string {
  return options.select === undefined ? "" : `(${options.select.join(",")})`;
}

function countsOf(
  env: Environment,
  table: TableDef,
  options: QueryOptions,
  annotations: (name: string) => boolean,
): Record<string, unknown> {
  const wanted = annotations("Microsoft.Dynamics.CRM.totalrecordcount");
  if (!options.count && !wanted) return {};
  const all = options.count ? countOf(env, table, options, countLimit + 1) : -1;
  const count = Math.min(all, countLimit);
  const annotated = {
    "@Microsoft.Dynamics.CRM.totalrecordcount": count,
    "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded": all > countLimit,
    "@Microsoft.Dynamics.CRM.globalmetadataversion": String(env.model.version),
  };
  return { ...(options.count ? { "@odata.count": count } : {}), ...(wanted ? annotated : {}) };
}

/** The address of the next page: on the host the client called, with the options it sent. */
function nextLink(call: Call, token: string): string {
  const path = call.segments
    .map(({ name, key, rawKey }) => (key === undefined ? name : `${name}(${encodeURI(rawKey)})`))
    .join("/");
  const kept = call.rawQuery
    .split("&")
    .filter((part) => part !== "" && !/^(?:\$|%24)skiptoken=/i.test(part));
  return `${call.base}/${path}?${[...kept, `$skiptoken=${encodeURIComponent(token)}`].join("&")}`;
}

/** Answers `/set/$count`: text, capped. */
export function countReply(call: Call, table: TableDef): Reply {
  const count = countOf(call.env, table, optionsOf(call.query));
  return { status: 200, text: String(count), headers: { "content-type": "text/plain" } };
}

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
