import { missingOf, rolesOf } from "../auth/roles.ts";
import type { Environment } from "../environment.ts";
import { guidOf } from "../identifier.ts";
import type { Row } from "../rows/row.ts";
import { noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply, Resource } from "../web/call.ts";
import { accesses } from "../write/privileges.ts";
import { needRow, rowAddressOf } from "../write/reference.ts";

const special = [
  "prvActOnBehalfOfAnotherUser",
  "prvBypassCustomBusinessLogic",
  "prvBypassCustomPlugins",
  "prvCreateAttribute",
  "prvCreateEntity",
  "prvCreateOptionSet",
  "prvCreateRelationship",
  "prvOverrideCreatedOnCreatedBy",
  "prvPublishCustomization",
];

/** What a user may do, as pre-flights ask it: learn "RetrieveUserPrivileges Function", "RetrieveUserPrivilegeByPrivilegeName Function". */
export const privilegeResources: readonly Resource[] = [
  {
    name: "Microsoft.Dynamics.CRM.RetrieveUserPrivileges",
    handle: (call) => answered(call, "RetrieveUserPrivileges", () => true),
  },
  {
    name: "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName",
    handle(call) {
      const argument = call.segments.at(-1)?.key?.["PrivilegeName"];
      const given = argument?.quoted === false ? call.query.get(argument.text) : argument?.text;
      const wanted = (given ?? "").replace(/^'|'$/g, "").toLowerCase();
      const fits = (name: string): boolean => name.toLowerCase() === wanted;
      return answered(call, "RetrieveUserPrivilegeByPrivilegeName", fits);
    },
  },
];

function answered(call: Call, name: string, fits: (privilege: string) => boolean): Reply {
  const [segment] = call.segments;
  if (segment?.name !== "systemusers") throw noSuchSegment(name);
  const user = needRow(call.env, rowAddressOf(call.env, segment));
  const held = heldBy(call.env, user).filter(fits);
  const RolePrivileges = held.map((PrivilegeName) => ({
    PrivilegeId: guidOf("privilege", PrivilegeName),
    PrivilegeName,
    Depth: "Global",
    BusinessUnitId: call.caller.businessUnitId,
  }));
  const context = `${call.base}/$metadata#Microsoft.Dynamics.CRM.${name}Response`;
  return { status: 200, json: { "@odata.context": context, RolePrivileges } };
}

/** A role gives everything but what it names as missing, and what the settings take from all. */
function heldBy(env: Environment, user: Row): string[] {
  const roles = rolesOf(env, user.id);
  if (user.values["isdisabled"] === true || roles.length === 0) return [];
  const { missingPrivileges } = env.settings.current();
  const missing = new Set([
    ...missingOf(roles),
    ...missingPrivileges.map((one) => one.toLowerCase()),
  ]);
  const ofTables = env.model.tables.flatMap(({ schemaName }) =>
    accesses.map((access) => `prv${access}${schemaName}`),
  );
  return [...special, ...ofTables].filter((name) => !missing.has(name.toLowerCase()));
}
