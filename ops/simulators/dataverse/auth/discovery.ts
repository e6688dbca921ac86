import type { Reply } from "../web/call.ts";
import type { AuthParts } from "./auth-parts.ts";
import { TokenRefused } from "./token-refusal.ts";

/** Names that stand for whatever tenant the client is of. */
const anyTenant: ReadonlySet<string> = new Set(["common", "organizations"]);

/** Throws where the name is not that of the tenant. */
export function checkTenant({ tenant }: AuthParts, name: string): void {
  if (name.toLowerCase() === tenant.id || anyTenant.has(name)) return;
  throw new TokenRefused(
    400,
    "invalid_request",
    90002,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

/** What a client learns of a tenant before it signs in. */
export function discoveryReply(parts: AuthParts, name: string, origin: string): Reply {
  checkTenant(parts, name);
  const at = `${origin}/${name}`;
  return {
    status: 200,
    json: {
      token_endpoint: `${at}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
      authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${at}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${at}/oauth2/v2.0/logout`,
      jwks_uri: `${at}/discovery/v2.0/keys`,
      issuer: `${origin}/${parts.tenant.id}/v2.0`,
      response_types_supported: ["code", "token"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
    },
  };
}

/** What a client learns of the cloud. */
export function instanceReply(origin: string, tenant: string): Reply {
  const host = new URL(origin).host;
  return {
    status: 200,
    json: {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
