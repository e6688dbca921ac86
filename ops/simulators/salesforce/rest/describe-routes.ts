import { describeBrief, describeWhole } from "../schema/describe.ts";
import type { SObject } from "../schema/sobject.ts";
import { notFound } from "./api-error.ts";
import { type Call, dataPath, ok, param, type Reply, type Route } from "./call.ts";

/** The object an address names; throws the 404 of a real server. */
export function objectOf(call: Call): SObject {
  const object = call.org.schema.find(param(call, "object"));
  if (object === undefined) throw notFound();
  return object;
}

/** What a client keeps: sent again only when schema or permissions changed since the time the client names. */
function kept(call: Call, make: () => object): Reply {
  const { changedAt } = call.org;
  const since = Date.parse(call.headers["if-modified-since"] ?? "") / 1_000;
  if (since >= changedAt) return { status: 304 };
  const headers = { "last-modified": new Date(changedAt * 1_000).toUTCString() };
  return { ...ok(make()), headers };
}

const master = "012000000000000AAA";

/** Layouts: this org has none, and says so in the shape of one that has. */
function layouts(call: Call): Reply {
  const { name } = objectOf(call);
  const url = `${dataPath(call.version)}/sobjects/${name}/describe/layouts/${master}`;
  const mapping = { available: true, defaultRecordTypeMapping: true, layoutId: null, master: true };
  const recordType = { ...mapping, name: "Master", recordTypeId: master, urls: { layout: url } };
  return ok({
    layouts: [],
    recordTypeMappings: [recordType],
    recordTypeSelectorRequired: [false],
  });
}

/** Describe global, per object, and in full; nobody looks at rows in a browser here, so none is recent. */
export const describeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/sobjects",
    handle: (call) =>
      kept(call, () => ({
        encoding: "UTF-8",
        maxBatchSize: 200,
        sobjects: call.org.schema.objects.map((one) => describeBrief(one, dataPath(call.version))),
      })),
  },
  {
    method: "GET",
    path: "/sobjects/:object",
    handle: (call) =>
      kept(call, () => ({
        objectDescribe: describeBrief(objectOf(call), dataPath(call.version)),
        recentItems: [],
      })),
  },
  {
    method: "GET",
    path: "/sobjects/:object/describe",
    handle: (call) => {
      const object = objectOf(call);
      return kept(call, () => describeWhole(call.org, object, dataPath(call.version)));
    },
  },
  { method: "GET", path: "/recent", handle: () => ok([]) },
  { method: "GET", path: "/sobjects/:object/describe/layouts", handle: layouts },
  { method: "GET", path: "/sobjects/:object/describe/layouts/:recordType", handle: layouts },
];
