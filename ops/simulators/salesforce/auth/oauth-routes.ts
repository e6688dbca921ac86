import type { IncomingMessage } from "node:http";
import { readBody } from "../../server/body.ts";
import type { Org } from "../org.ts";
import { parseId } from "../store/ids.ts";
import { ApiError } from "../rest/api-error.ts";
import { ok, type Reply } from "../rest/call.ts";
import { identity, userInfo } from "./identity.ts";
import { OAuthRefusal } from "./refusal.ts";
import { type AuthParts, type Basic, grantToken } from "./token.ts";

/** What a missing or ended session is answered with. */
export function sessionEnded(): ApiError {
  return new ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid");
}

/** The access token a request carries. */
export function tokenOf(req: IncomingMessage, query: URLSearchParams): string {
  const header = req.headers.authorization ?? "";
  const match = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(header);
  return match?.[1]?.trim() ?? query.get("oauth_token") ?? "";
}

/** Answers the OAuth and identity addresses; undefined for every other path. */
export async function answerOAuth(
  parts: AuthParts,
  req: IncomingMessage,
  url: { path: string; query: URLSearchParams },
  base: string,
): Promise<Reply | undefined> {
  const { path, query } = url;
  if (path === "/services/oauth2/token") {
    if (req.method !== "POST") throw new ApiError(405, "METHOD_NOT_ALLOWED", "POST only");
    const form = await formOf(req);
    return refusable(() => {
      const json = grantToken(parts, form, basicOf(req), base);
      return { status: 200, json, headers: { "cache-control": "no-store" } };
    });
  }
  if (path === "/services/oauth2/authorize") {
    return refusable(() => ({ status: 302, headers: { location: parts.codes.authorize(query) } }));
  }
  if (path === "/services/oauth2/revoke") return revoke(parts, req, query);
  const isIdentity = path.startsWith("/id/");
  if (path !== "/services/oauth2/userinfo" && !isIdentity) return undefined;
  const session = parts.sessions.use(tokenOf(req, query));
  if (session === undefined) throw sessionEnded();
  if (!isIdentity) return ok(userInfo(parts.org, session.userId, base));
  return identityOf(parts.org, path, base);
}

function identityOf(org: Org, path: string, base: string): Reply {
  const [, , orgId = "", userId = ""] = path.split("/");
  const user = org.rows("User").byId(userId);
  const isOurs = parseId(orgId)?.id === org.id;
  // Help, "Identity URL": these refusals are a bare word.
  if (user === undefined || !isOurs) {
    return {
      status: isOurs ? 404 : 403,
      text: isOurs ? "Bad_Id" : "Wrong_Org",
      contentType: "text/html",
    };
  }
  return ok(identity(org, user.id, base));
}

function refusable(work: () => Reply): Reply {
  try {
    return work();
  } catch (refusal) {
    if (!(refusal instanceof OAuthRefusal)) throw refusal;
    const json = { error: refusal.code, error_description: refusal.message };
    return { status: 400, json, headers: { "cache-control": "no-store" } };
  }
}

async function formOf(req: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readBody(req, { limit: 65_536 })).toString("utf8"));
}

async function revoke(
  parts: AuthParts,
  req: IncomingMessage,
  query: URLSearchParams,
): Promise<Reply> {
  const form = await formOf(req);
  const token = form.get("token") ?? query.get("token") ?? "";
  if (parts.sessions.end(token)) return { status: 200, text: "" };
  const text = "error=invalid_token&error_description=invalid%20token";
  return { status: 400, text, contentType: "application/x-www-form-urlencoded" };
}

function basicOf(req: IncomingMessage): Basic | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(req.headers.authorization ?? "");
  if (match?.[1] === undefined) return undefined;
  const text = Buffer.from(match[1], "base64").toString("utf8");
  const at = text.indexOf(":");
  return { user: text.slice(0, at), password: text.slice(at + 1) };
}
