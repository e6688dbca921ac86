import type { Org } from "../org.ts";
import type { Codes } from "./authorization-code.ts";
import { type Credentials, sameSecret, userByPassword, userNamed } from "./credentials.ts";
import { userByAssertion } from "./jwt-bearer.ts";
import { OAuthRefusal } from "./refusal.ts";
import type { Sessions } from "./sessions.ts";

/** What grants need to know. */
export interface AuthParts {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly credentials: Credentials;
  readonly codes: Codes;
}

/** A client's name and secret as HTTP Basic carries them. */
export interface Basic {
  readonly user: string;
  readonly password: string;
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const grants = [
  "client_credentials",
  "password",
  "refresh_token",
  "authorization_code",
  jwtBearer,
] as const;

/** Answers `POST /services/oauth2/token`; the client may name itself in the form or by HTTP Basic. Throws `OAuthRefusal`. */
export function grantToken(
  parts: AuthParts,
  form: URLSearchParams,
  basic: Basic | undefined,
  base: string,
): object {
  const asked = form.get("grant_type");
  if (asked === null)
    throw new OAuthRefusal("invalid_request", "missing required parameter: grant_type");
  const grant = grants.find((known) => known === asked);
  if (grant === undefined) {
    throw new OAuthRefusal("unsupported_grant_type", "grant type not supported");
  }
  if (grant === jwtBearer) {
    const userId = userByAssertion(parts, form.get("assertion") ?? "", base);
    // Such replies carry neither signature nor time, and never a refresh token.
    const { signature: _signature, issued_at: _issuedAt, ...reply } = signIn(parts, userId, base);
    return reply;
  }
  checkClient(parts, form, basic, grant === "refresh_token" || grant === "authorization_code");
  switch (grant) {
    case "client_credentials":
      return signIn(parts, userNamed(parts.org, parts.credentials.username), base);
    case "password":
      return signIn(parts, byPassword(parts, form), base);
    case "refresh_token":
      return byRefreshToken(parts, form.get("refresh_token") ?? "", base);
    case "authorization_code": {
      const userId = parts.codes.redeem(form);
      const refresh_token = parts.sessions.openRefresh(userId);
      return { ...signIn(parts, userId, base, refresh_token), refresh_token };
    }
  }
}

/** Checks who the client says it is; a public client of the web flow may leave its secret out. */
function checkClient(
  { credentials }: AuthParts,
  form: URLSearchParams,
  basic: Basic | undefined,
  maybePublic: boolean,
): void {
  const clientId = form.get("client_id") ?? basic?.user ?? "";
  const secret = form.get("client_secret") ?? basic?.password ?? null;
  if (clientId !== credentials.clientId) {
    throw new OAuthRefusal("invalid_client_id", "client identifier invalid");
  }
  if (maybePublic && secret === null) return;
  if (!sameSecret(secret ?? "", credentials.clientSecret)) {
    throw new OAuthRefusal("invalid_client", "invalid client credentials");
  }
}

function byPassword({ org, credentials }: AuthParts, form: URLSearchParams): string | undefined {
  const [username, password] = [form.get("username"), form.get("password")];
  return userByPassword(org, credentials, username ?? "", password ?? "");
}

function byRefreshToken(parts: AuthParts, token: string, base: string): object {
  const userId = parts.sessions.userOfRefresh(token);
  if (userId === undefined) {
    throw new OAuthRefusal("invalid_grant", "expired access/refresh token");
  }
  return signIn(parts, userId, base, token);
}

function signIn(
  { org, sessions }: AuthParts,
  userId: string | undefined,
  base: string,
  refreshToken?: string,
) {
  if (userId === undefined) throw new OAuthRefusal("invalid_grant", "authentication failure");
  if (!org.as(userId).access.active) throw new OAuthRefusal("inactive_user", "user is inactive");
  const { token } = sessions.open(userId, refreshToken);
  return {
    access_token: token,
    signature: Buffer.from(token.slice(-24)).toString("base64"),
    scope: refreshToken === undefined ? "api web" : "api web refresh_token",
    instance_url: base,
    id: `${base}/id/${org.id}/${userId}`,
    token_type: "Bearer",
    issued_at: String(org.clock.now()),
    api_instance_url: base,
  };
}
