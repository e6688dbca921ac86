import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { faultOn } from "../../server/strike.ts";
import type { Caller, Environment } from "../environment.ts";
import { asGuid } from "../identifier.ts";
import { isLookup, type Row } from "../rows/row.ts";
import { ApiError } from "../web/api-error.ts";
import { demand } from "../write/privileges.ts";
import type { AuthParts } from "./auth-parts.ts";
import { missingOf, rolesOf } from "./roles.ts";

/** Who calls: the application user of the token. Throws 401 without a living token, 403 where the environment does not know the user. */
export function appUserOf(parts: AuthParts, req: IncomingMessage, origin: string): Caller {
  const token = /^Bearer\s+(.+)$/i.exec(req.headers.authorization ?? "")?.[1] ?? "";
  if (faultOn(req, "expire_token") !== undefined) parts.tokens.end(token);
  const session = token === "" ? undefined : parts.tokens.use(token);
  if (session === undefined) throw unauthorized(parts, origin);
  const userId = parts.tenant.find(session.clientId)?.userId ?? undefined;
  const user = userId === undefined ? undefined : parts.env.rows("systemuser").get(userId);
  if (user === undefined) throw notMember();
  return callerFor(parts.env, user);
}

/** Who acts: the user of `CallerObjectId` or `MSCRMCallerID` on behalf of the application user, or that user itself. */
export function actingOf(env: Environment, app: Caller, headers: IncomingHttpHeaders): Caller {
  const byObject = headerGuid(headers, "callerobjectid");
  const byId = headerGuid(headers, "mscrmcallerid");
  if (byObject === undefined && byId === undefined) return app;
  demand(env, app, "prvActOnBehalfOfAnotherUser");
  const user =
    byObject === undefined ? env.rows("systemuser").get(byId ?? "") : userByObject(env, byObject);
  if (user === undefined) throw notMember();
  const caller = callerFor(env, user);
  // Only what both may do may be done.
  const missing = new Set([...(caller.missing ?? []), ...(app.missing ?? [])]);
  return { ...caller, missing, onBehalfBy: app.userId };
}

function headerGuid(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? asGuid(value.trim()) : undefined;
}

function userByObject(env: Environment, id: string): Row | undefined {
  for (const row of env.rows("systemuser").walk()) {
    if (row.values["azureactivedirectoryobjectid"] === id) return row;
  }
  return undefined;
}

function callerFor(env: Environment, user: Row): Caller {
  if (user.values["isdisabled"] === true) {
    throw new ApiError(
      403,
      "0x80040225",
      `The specified user(Id = ${user.id}) is disabled. Consider enabling this user. Additional Details: {0}`,
    );
  }
  const roles = rolesOf(env, user.id);
  if (roles.length === 0) {
    throw new ApiError(
      403,
      "0x80042f09",
      `The user with id ${user.id} has not been assigned any roles. They need a role with the prvRead privilege.`,
    );
  }
  const unit = user.values["businessunitid"];
  const businessUnitId = isLookup(unit) ? unit.id : "";
  return { userId: user.id, businessUnitId, missing: missingOf(roles) };
}

function notMember(): ApiError {
  return new ApiError(403, "0x80072560", "The user is not a member of the organization.");
}

function unauthorized({ env, tenant }: AuthParts, origin: string): ApiError {
  const challenge = `Bearer authorization_uri=${origin}/${tenant.id}/oauth2/authorize, resource_id=${origin}/`;
  return new ApiError(
    401,
    env.settings.current().emptyUnauthorized ? "empty" : "0x8005F101",
    "The access token is missing or has expired.",
    {
      "WWW-Authenticate": challenge,
    },
  );
}
