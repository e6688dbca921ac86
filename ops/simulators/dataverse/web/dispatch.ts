import { bulkReply } from "../bulk/bulk-message.ts";
import { demand } from "../write/privileges.ts";
import { ApiError, noSuchSegment, notImplemented } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";
import { entityReply } from "./entity.ts";
import { createReply } from "./entity-set.ts";
import { countReply, listReply } from "./list.ts";
import { propertyReply } from "./property.ts";

const bound = "Microsoft.Dynamics.CRM.";
/** Addresses that come with a later version of the simulator. */
const seams: ReadonlySet<string> = new Set([
  "$metadata",
  "BulkDelete",
  "CreateEntities",
  "Restore",
  "imports",
  "importfiles",
  "importmaps",
]);

/** Answers a call; everything it writes is one transaction. */
export function dispatch(call: Call): Reply {
  demandBypass(call);
  if (call.method === "GET") return answer(call);
  return call.env.database.transaction(() => answer(call));
}

function answer(call: Call): Reply {
  const { env, segments, method } = call;
  const [first, second, third] = segments;
  if (first === undefined) return serviceDocument(call);
  const last = segments.at(-1)?.name ?? "";
  const action = last.startsWith(bound) ? env.resources.get(last) : undefined;
  const resource = env.resources.get(first.name) ?? action;
  if (resource !== undefined) return resource.handle(call);
  if (seams.has(first.name)) throw notImplemented(first.name);
  const table = env.model.tableOfSet(first.name);
  if (table === undefined) throw noSuchSegment(first.name);
  if (first.key === undefined) {
    if (second === undefined) {
      if (method === "GET") return listReply(call, table);
      if (method === "POST") return createReply(call, table);
      throw new ApiError(
        405,
        "0x80060888",
        `The HTTP verb ${method} used is not supported for the set '${first.name}'.`,
      );
    }
    if (second.name === "$count") return countReply(call, table);
    if (second.name.startsWith(bound) && method === "POST")
      return bulkReply(call, table, second.name.slice(bound.length));
    throw noSuchSegment(second.name);
  }
  if (second === undefined) return entityReply(call, first);
  return propertyReply(call, first, second, third?.name);
}

/** Skipping plug-ins takes a privilege of its own, whether asked for by header or in the address. */
function demandBypass({ env, caller, headers, query }: Call): void {
  const asked = (name: string): string => {
    const header = headers[`mscrm.${name.toLowerCase()}`];
    return String(header ?? query.get(name) ?? "");
  };
  if (asked("BypassCustomPluginExecution").toLowerCase() === "true")
    demand(env, caller, "prvBypassCustomPlugins");
  if (asked("BypassBusinessLogicExecution") !== "")
    demand(env, caller, "prvBypassCustomBusinessLogic");
}

function serviceDocument({ env, base }: Call): Reply {
  const value = env.model.tables.map(({ entitySetName }) => ({
    name: entitySetName,
    kind: "EntitySet",
    url: entitySetName,
  }));
  return { status: 200, json: { "@odata.context": `${base}/$metadata`, value } };
}
