import { ApiError, badArgument } from "../web/api-error.ts";
import type { Call, Reply, Resource } from "../web/call.ts";
import { duplicateRuleResource } from "./duplicate-rules.ts";
import { messageResources } from "./message-filters.ts";
import { privilegeResources } from "./privilege-functions.ts";

const context = (call: Call, type: string): string =>
  `${call.base}/$metadata#Microsoft.Dynamics.CRM.${type}`;

/** Functions about the service itself. */
export const serviceResources: readonly Resource[] = [
  {
    name: "WhoAmI",
    handle(call) {
      needGet(call);
      const { env, caller } = call;
      const ids = {
        BusinessUnitId: caller.businessUnitId,
        UserId: caller.userId,
        OrganizationId: env.organizationId,
      };
      return { status: 200, json: { "@odata.context": context(call, "WhoAmIResponse"), ...ids } };
    },
  },
  {
    name: "RetrieveVersion",
    handle(call) {
      needGet(call);
      return {
        status: 200,
        json: {
          "@odata.context": context(call, "RetrieveVersionResponse"),
          Version: "9.2.24091.197",
        },
      };
    },
  },
  {
    name: "RetrieveAvailableLanguages",
    handle: (call) => ({
      status: 200,
      json: {
        "@odata.context": context(call, "RetrieveAvailableLanguagesResponse"),
        LocaleIds: [1033],
      },
    }),
  },
  { name: "RetrieveTotalRecordCount", handle: totalRecordCount },
  ...messageResources,
  duplicateRuleResource,
  ...privilegeResources,
];

function needGet({ method, segments, base }: Call): void {
  if (method === "GET") return;
  const uri = `${base}/${segments[0]?.name ?? ""}`;
  throw new ApiError(404, "", `No HTTP resource was found that matches the request URI '${uri}'.`);
}

function totalRecordCount(call: Call): Reply {
  needGet(call);
  const argument =
    call.segments[0]?.key?.["EntityNames"]?.text ?? call.query.get("EntityNames") ?? "";
  const text = argument.startsWith("@") ? (call.query.get(argument) ?? "") : argument;
  const names = [...text.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? "");
  if (names.length === 0) throw badArgument("The parameter EntityNames is missing.");
  const counts = names.map((name) => {
    if (call.env.model.table(name) === undefined)
      throw badArgument(`The entity with a name = '${name}' was not found.`);
    return call.env.rows(name).count();
  });
  const collection = { Count: names.length, IsReadOnly: false, Keys: names, Values: counts };
  return {
    status: 200,
    json: {
      "@odata.context": context(call, "RetrieveTotalRecordCountResponse"),
      EntityRecordCountCollection: collection,
    },
  };
}
