import type { Environment } from "../environment.ts";
import { workFaults } from "../fault-kinds.ts";
import type { TableDef } from "../model.ts";
import { applied } from "../query/apply.ts";
import { changesSince, deltaTokenOf, refuseUntracked } from "../query/changes.ts";
import { type PageMark, skipTokenOf } from "../query/cookie.ts";
import { optionsOf, type QueryOptions } from "../query/options.ts";
import { countLimit, countOf, pageOf } from "../query/page.ts";
import { type Annotations, annotationsOf, rendererOf } from "../query/render.ts";
import type { Row } from "../rows/row.ts";
import { demand } from "../write/privileges.ts";
import type { Call, Reply } from "./call.ts";
import { appliedPreferences } from "./preferences.ts";

const largestPage = 5_000;
const crm = "Microsoft.Dynamics.CRM";

/** Answers a GET of a set or of a collection of a row: a page, what `$apply` makes of the rows, or what changed. */
export function listReply(call: Call, table: TableDef, within?: () => Iterable<Row>): Reply {
  const { env } = call;
  demand(env, call.caller, "Read", table);
  const options = optionsOf(call.query);
  const context = `${call.base}/$metadata#${table.entitySetName}`;
  if (options.apply !== undefined) {
    const value = applied(env, table, options.apply);
    return { status: 200, json: { "@odata.context": context, value }, rows: 0 };
  }
  if (options.deltaToken !== undefined) return changesReply(call, table, options, context);
  return pageReply(call, table, options, { context, ...(within && { within }) });
}

function pageReply(
  call: Call,
  table: TableDef,
  options: QueryOptions,
  place: { readonly context: string; readonly within?: () => Iterable<Row> },
): Reply {
  const { env } = call;
  const preference = call.prefer.get("odata.include-annotations");
  const annotations = annotationsOf(preference);
  const asked = Number(call.prefer.get("odata.maxpagesize"));
  const paged = Number.isInteger(asked) && asked > 0;
  const most = largestPageOf(env, table);
  const size = Math.min(paged ? asked : most, most);
  // `$top` counts for nothing beside a page size.
  const top = paged ? undefined : options.top;
  const bounds = {
    size: Math.min(size, top ?? size),
    ...(place.within && { within: place.within }),
  };
  const page = pageOf(env, table, options, bounds);
  const next = top === undefined ? page.next : undefined;
  const json = {
    "@odata.context": `${place.context}${selected(options)}`,
    ...countsOf(env, table, options, annotations),
    ...(annotations(`${crm}.morerecords`) ? { [`@${crm}.morerecords`]: next !== undefined } : {}),
    value: page.rows.map(rendererOf(env, table, options, annotations)),
    ...linkOf(call, table, { next, since: page.since }),
  };
  const headers = appliedPreferences([
    paged ? `odata.maxpagesize=${size}` : undefined,
    preference === undefined ? undefined : `odata.include-annotations="${preference}"`,
    call.prefer.has("odata.track-changes") ? "odata.track-changes" : undefined,
  ]);
  return { status: 200, json, headers, rows: 0 };
}

/** A fault plan may make pages small, so that a few rows take many. */
function largestPageOf(env: Environment, table: TableDef): number {
  const fault = env.faults.take("small_pages", table.logicalName);
  return fault === undefined
    ? largestPage
    : workFaults.small_pages.parse({ rows: fault["rows"] }).rows;
}

function selected(options: QueryOptions): string {
  return options.select === undefined ? "" : `(${options.select.join(",")})`;
}

function countsOf(
  env: Environment,
  table: TableDef,
  options: QueryOptions,
  annotations: Annotations,
): Record<string, unknown> {
  const wanted = annotations(`${crm}.totalrecordcount`);
  if (!options.count && !wanted) return {};
  const all = options.count ? countOf(env, table, options, countLimit + 1) : -1;
  const count = Math.min(all, countLimit);
  const annotated = {
    [`@${crm}.totalrecordcount`]: count,
    [`@${crm}.totalrecordcountlimitexceeded`]: all > countLimit,
    [`@${crm}.globalmetadataversion`]: String(env.model.version),
  };
  return { ...(options.count ? { "@odata.count": count } : {}), ...(wanted ? annotated : {}) };
}

/** The link to the next page; behind the last one, where changes are tracked, the link to what comes later. */
function linkOf(
  call: Call,
  table: TableDef,
  at: { readonly next: PageMark | undefined; readonly since: number | undefined },
): Record<string, string> {
  const tracks = call.prefer.has("odata.track-changes");
  if (tracks) refuseUntracked(table);
  const since = at.since ?? call.env.lastVersion();
  if (at.next !== undefined) {
    const token = skipTokenOf(tracks ? { ...at.next, since } : at.next, table.primaryId);
    return { "@odata.nextLink": linkWith(call, "$skiptoken", token) };
  }
  if (!tracks) return {};
  return { "@odata.deltaLink": linkWith(call, "$deltatoken", deltaTokenOf(call.env, since)) };
}

/** An address on the host the client called, with the options it sent and one token. */
function linkWith(call: Call, name: "$skiptoken" | "$deltatoken", token: string): string {
  const path = call.segments
    .map(({ name: set, key, rawKey }) => (key === undefined ? set : `${set}(${encodeURI(rawKey)})`))
    .join("/");
  const kept = call.rawQuery
    .split("&")
    .filter((part) => part !== "" && !/^(?:\$|%24)(?:skip|delta)token=/i.test(part));
  return `${call.base}/${path}?${[...kept, `${name}=${encodeURIComponent(token)}`].join("&")}`;
}

function changesReply(call: Call, table: TableDef, options: QueryOptions, context: string): Reply {
  const { env } = call;
  const { rows, deleted } = changesSince(env, table, options.deltaToken ?? "");
  const annotations = annotationsOf(call.prefer.get("odata.include-annotations"));
  const gone = deleted.map((id) => ({
    "@odata.context": `${context}/$deletedEntity`,
    id,
    reason: "deleted",
  }));
  const token = deltaTokenOf(env, env.lastVersion());
  const json = {
    "@odata.context": `${context}${selected(options)}/$delta`,
    "@odata.deltaLink": linkWith(call, "$deltatoken", token),
    value: [...rows.map(rendererOf(env, table, options, annotations)), ...gone],
  };
  return { status: 200, json, rows: 0 };
}

/** Answers `/set/$count`: text, capped. */
export function countReply(call: Call, table: TableDef): Reply {
  const count = countOf(call.env, table, optionsOf(call.query));
  return { status: 200, text: String(count), headers: { "content-type": "text/plain" } };
}
