import { describeBrief, describeWhole } from "../schema/describe.ts";
import type { SObject } from "../schema/sobject.ts";
import { notFound } from "./api-error.ts";
import { type Call, dataPath, ok, param, type Route } from "./call.ts";

/** The object an address names; throws the 404 of a real server. */
export function objectOf(call: Call): SObject {
  const object = call.org.schema.find(param(call, "object"));
  if (object === undefined) throw notFound();
  return object;
}

/** Describe global, per object, and in full. */
export const describeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/sobjects",
    handle: ({ org, version }) =>
      ok({
        encoding: "UTF-8",
        maxBatchSize: 200,
        sobjects: org.schema.objects.map((object) => describeBrief(object, dataPath(version))),
      }),
  },
  {
    method: "GET",
    path: "/sobjects/:object",
    handle: (call) =>
      ok({
        objectDescribe: describeBrief(objectOf(call), dataPath(call.version)),
        recentItems: [],
      }),
  },
  {
    method: "GET",
    path: "/sobjects/:object/describe",
    handle: (call) => ok(describeWhole(call.org, objectOf(call), dataPath(call.version))),
  },
];
