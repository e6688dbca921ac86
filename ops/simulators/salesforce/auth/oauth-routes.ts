import type { IncomingMessage } from "node:http";
import { readBody } from "../../server/body.ts";
import { ApiError } from "../rest/api-error.ts";
import { ok, type Reply } from "../rest/call.ts";
import { identity, userInfo } from "./identity.ts";
import { type AuthParts, grantToken } from "./token.ts";

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
    const form = new URLSearchParams((await readBody(req, { limit: 65_536 })).toString("utf8"));
    const { status, body } = grantToken(parts, form, basicOf(req), base);
    return { status, json: body, headers: { "cache-control": "no-store" } };
  }
  if (path === "/services/oauth2/revoke") return revoke(parts, req, query);
  const isIdentity = path.startsWith("/id/");
  if (path !== "/services/oauth2/userinfo" && !isIdentity) return undefined;
  const session = parts.sessions.use(tokenOf(req, query));
  if (session === undefined) throw sessionEnded();
  if (!isIdentity) return ok(userInfo(parts.org, session.userId, base));
  const userId = path.split("/")[3] ?? session.userId;
  return ok(identity(parts.org, userId, base));
}

async function revoke(
  parts: AuthParts,
  req: IncomingMessage,
  query: URLSearchParams,
): Promise<Reply> {
  const form = new URLSearchParams((await readBody(req, { limit: 65_536 })).toString("utf8"));
  const token = form.get("token") ?? query.get("token") ?? "";
  if (parts.sessions.end(token)) return { status: 200, text: "" };
  const text = "error=invalid_token&error_description=invalid%20token";
  return { status: 400, text, contentType: "application/x-www-form-urlencoded" };
}

function basicOf(req: IncomingMessage): { user: string; password: string } | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(req.headers.authorization ?? "");
  if (match?.[1] === undefined) return undefined;
  const text = Buffer.from(match[1], "base64").toString("utf8");
  const at = text.indexOf(":");
  return { user: text.slice(0, at), password: text.slice(at + 1) };
}
