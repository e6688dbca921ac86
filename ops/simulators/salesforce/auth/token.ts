import type { Org } from "../org.ts";
import { type Credentials, sameSecret } from "./credentials.ts";
import type { Sessions } from "./sessions.ts";

/** A refusal of the token endpoint: an object, not the array of the REST API. */
export interface OAuthRefusal {
  readonly error: string;
  readonly error_description: string;
}

/** What the token endpoint says. */
export type TokenReply = { readonly status: 200 | 400; readonly body: object };

/** What grants need to know. */
export interface AuthParts {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly credentials: Credentials;
}

/** Answers `POST /services/oauth2/token`; the client may name itself in the form or by HTTP Basic. */
export function grantToken(
  parts: AuthParts,
  form: URLSearchParams,
  basic: { user: string; password: string } | undefined,
  base: string,
): TokenReply {
  const clientId = form.get("client_id") ?? basic?.user ?? "";
  const secret = form.get("client_secret") ?? basic?.password ?? null;
  if (clientId !== parts.credentials.clientId) {
    return refuse("invalid_client_id", "client identifier invalid");
  }
  const grant = form.get("grant_type");
  const needsSecret = grant !== "refresh_token" || secret !== null;
  if (needsSecret && !sameSecret(secret ?? "", parts.credentials.clientSecret)) {
    return refuse("invalid_client", "invalid client credentials");
  }
  switch (grant) {
    case "client_credentials":
      return grantTo(parts, runAsUser(parts), base);
    case "password":
      return byPassword(parts, form, base);
    case "refresh_token":
      return grantTo(parts, parts.sessions.userOfRefresh(form.get("refresh_token") ?? ""), base);
    default:
      return refuse("unsupported_grant_type", "grant type not supported");
  }
}

function byPassword(parts: AuthParts, form: URLSearchParams, base: string): TokenReply {
  const { username, password } = parts.credentials;
  const given = form.get("password") ?? "";
  const right = form.get("username") === username && sameSecret(given, password);
  return grantTo(parts, right ? runAsUser(parts) : undefined, base);
}

function runAsUser({ org, credentials }: AuthParts): string | undefined {
  const users = org.rows("User");
  const [n] = users.indexes.get("Username")?.find(credentials.username) ?? [];
  return n === undefined ? undefined : users.get(n)?.id;
}

function grantTo(parts: AuthParts, userId: string | undefined, base: string): TokenReply {
  const { org, sessions } = parts;
  if (userId === undefined) return refuse("invalid_grant", "authentication failure");
  if (org.rows("User").byId(userId)?.values["IsActive"] !== true) {
    return refuse("inactive_user", "user is inactive");
  }
  const session = sessions.open(userId);
  const body = {
    access_token: session.token,
    signature: Buffer.from(session.token.slice(-24)).toString("base64"),
    scope: "api web",
    instance_url: base,
    id: `${base}/id/${org.id}/${userId}`,
    token_type: "Bearer",
    issued_at: String(org.clock.now()),
    api_instance_url: base,
  };
  return { status: 200, body };
}

function refuse(error: string, error_description: string): TokenReply {
  const body: OAuthRefusal = { error, error_description };
  return { status: 400, body };
}
