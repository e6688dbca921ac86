import { type QueryCursors, queryCursors } from "../soql/query-cursors.ts";
import type { Org } from "../org.ts";
import { ApiError } from "./api-error.ts";
import { type Call, dataPath, ok, param, type Reply, type Route } from "./call.ts";

const smallestPage = 200;
const largestPage = 2_000;

function pageRowsOf(call: Call): number {
  const header = call.headers["sforce-query-options"];
  const match = /batchSize\s*=\s*(\d+)/i.exec(
    Array.isArray(header) ? (header[0] ?? "") : (header ?? ""),
  );
  const asked = match === null ? largestPage : Number(match[1]);
  const bounded = Math.min(Math.max(asked, smallestPage), largestPage);
  return Math.min(bounded, call.org.settings.current().queryPageRows);
}

function runQuery(cursors: QueryCursors, call: Call, withDeleted: boolean): Reply {
  const text = call.query.get("q");
  if (text === null) throw new ApiError(400, "MALFORMED_QUERY", "The q parameter is missing");
  if (call.query.get("columns") === "true") return ok(cursors.columns(text, call.session.userId));
  const options = {
    userId: call.session.userId,
    withDeleted,
    dataPath: dataPath(call.version),
    pageRows: pageRowsOf(call),
  };
  return ok(cursors.run(text, options));
}

/** `/query`, `/queryAll` and their next pages. */
export function queryRoutes(org: Org): readonly Route[] {
  const cursors = queryCursors(org);
  const more = (call: Call): Reply =>
    ok(cursors.more(param(call, "locator"), dataPath(call.version)));
  const run = (withDeleted: boolean) => (call: Call) => runQuery(cursors, call, withDeleted);
  return [
    { method: "GET", path: "/query", handle: run(false) },
    { method: "GET", path: "/queryAll", handle: run(true) },
    { method: "GET", path: "/query/:locator", handle: more },
    { method: "GET", path: "/queryAll/:locator", handle: more },
  ];
}
