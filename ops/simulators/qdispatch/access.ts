import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { DatabaseSync } from "node:sqlite";
import { readBody } from "../server/body.ts";
import type { Clock } from "../server/clock.ts";
import { sendJson } from "../server/reply.ts";
import type { Meta } from "./truth/meta.ts";

/** Everything a client may be allowed to read. */
export const allScopes = ["customers:read", "jobs:read", "settings:read"] as const;
const lifeMs = 900_000;

/** Who may read what: one client with a secret, bearer tokens of 15 minutes. */
export interface Access {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `POST /oauth/token`, client credentials by form or Basic. */
  token(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** True when the request may read under a scope; otherwise it has been answered with 401 or 403. */
  permits(req: IncomingMessage, res: ServerResponse, scope: string): boolean;
}

/** The access of one tenant; its secret and its bearer tokens survive a restart. */
export function accessOf(db: DatabaseSync, meta: Meta, clock: Clock): Access {
  const clientId = "cutover-reader";
  const clientSecret = meta.get("client_secret") ?? randomBytes(24).toString("base64url");
  meta.set("client_secret", clientSecret);
  const keep = db.prepare("INSERT INTO bearer (hash, scopes, expires_at) VALUES (?, ?, ?)");
  const find = db.prepare("SELECT scopes, expires_at FROM bearer WHERE hash = ?");
  const expire = db.prepare("DELETE FROM bearer WHERE expires_at < ?");

  const issue = (res: ServerResponse, scopes: readonly string[]): void => {
    const bearer = randomBytes(32).toString("base64url");
    expire.run(clock.now());
    keep.run(digest(bearer), scopes.join(" "), clock.now() + lifeMs);
    const body = { access_token: bearer, token_type: "Bearer", expires_in: lifeMs / 1000 };
    sendJson(res, 200, { ...body, scope: scopes.join(" ") }, { "cache-control": "no-store" });
  };

  return {
    clientId,
    clientSecret,
    async token(req, res) {
      if (req.method !== "POST") return deny(res, 405, "invalid_request", "use POST");
      const form = new URLSearchParams((await readBody(req, { limit: 16_384 })).toString("utf8"));
      const { id, secret } = credentialsOf(req, form);
      if (form.get("grant_type") !== "client_credentials")
        return deny(res, 400, "unsupported_grant_type", "only client_credentials is offered");
      if (!same(id, clientId) || !same(secret, clientSecret))
        return deny(res, 401, "invalid_client", "client id or secret is wrong");
      const asked = (form.get("scope") ?? "").split(/[ ,]+/).filter(Boolean);
      const unknown = asked.find((scope) => !(allScopes as readonly string[]).includes(scope));
      if (unknown !== undefined)
        return deny(res, 400, "invalid_scope", `${unknown} is not offered`);
      issue(res, asked.length === 0 ? allScopes : asked);
    },
    permits(req, res, scope) {
      const bearer = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
      const found =
        bearer && (find.get(digest(bearer)) as { scopes: string; expires_at: number } | undefined);
      if (!found || found.expires_at <= clock.now()) {
        const error = {
          code: "unauthorized",
          message: "the bearer token is missing, wrong or expired",
        };
        sendJson(res, 401, { error }, { "www-authenticate": 'Bearer error="invalid_token"' });
        return false;
      }
      if (found.scopes.split(" ").includes(scope)) return true;
      sendJson(res, 403, {
        error: { code: "insufficient_scope", message: `the token lacks ${scope}` },
      });
      return false;
    },
  };
}

function credentialsOf(
  req: IncomingMessage,
  form: URLSearchParams,
): { id: string; secret: string } {
  const basic = /^Basic (\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
  if (basic === undefined)
    return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  const [id = "", ...rest] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id, secret: rest.join(":") };
}

function deny(res: ServerResponse, status: number, error: string, description: string): void {
  sendJson(res, status, { error, error_description: description });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function same(given: string, wanted: string): boolean {
  return timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(wanted)));
}
