import { createHash, randomBytes } from "node:crypto";
import { userByPassword } from "./credentials.ts";
import { OAuthRefusal } from "./refusal.ts";
import type { AuthParts } from "./token.ts";

const codeLifeMs = 15 * 60_000;

interface Code {
  readonly userId: string;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly madeAt: number;
}

/** Codes that were given out and not yet redeemed; each is good once. */
export interface Codes {
  /** Where `GET /services/oauth2/authorize` sends the browser. The run-as user is taken to have logged in and approved, or who the query's `username` and `password` name. */
  authorize(query: URLSearchParams): string;
  /** The user of a code; throws the refusal of one that is unknown, used, late, or another client's. */
  redeem(form: URLSearchParams): string;
}

/** The authorization codes of an org; they do not outlive the process. */
export function codesOf(parts: Omit<AuthParts, "codes">): Codes {
  const codes = new Map<string, Code>();
  const { org, credentials } = parts;
  return {
    authorize(query) {
      const redirectUri = query.get("redirect_uri") ?? "";
      if (query.get("client_id") !== credentials.clientId) {
        throw new OAuthRefusal("invalid_client_id", "client identifier invalid");
      }
      if (query.get("response_type") !== "code") {
        throw new OAuthRefusal("unsupported_response_type", "response type not supported");
      }
      const target = URL.parse(redirectUri);
      if (target === null) {
        throw new OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration");
      }
      const username = query.get("username") ?? credentials.username;
      const password = query.get("password") ?? credentials.password;
      const userId = userByPassword(org, credentials, username, password);
      if (userId === undefined) throw new OAuthRefusal("invalid_grant", "authentication failure");
      const code = `aPrx${randomBytes(32).toString("base64url")}`;
      const challenge = query.get("code_challenge");
      codes.set(code, { userId, redirectUri, challenge, madeAt: org.clock.now() });
      target.searchParams.set("code", code);
      const state = query.get("state");
      if (state !== null) target.searchParams.set("state", state);
      return target.href;
    },
    redeem(form) {
      const code = codes.get(form.get("code") ?? "");
      codes.delete(form.get("code") ?? "");
      if (code === undefined) throw new OAuthRefusal("invalid_grant", "invalid authorization code");
      if (org.clock.now() - code.madeAt > codeLifeMs) {
        throw new OAuthRefusal("invalid_grant", "expired authorization code");
      }
      if (code.redirectUri !== form.get("redirect_uri")) {
        throw new OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration");
      }
      const verifier = createHash("sha256").update(form.get("code_verifier") ?? "");
      if (code.challenge !== null && verifier.digest("base64url") !== code.challenge) {
        throw new OAuthRefusal("invalid_grant", "invalid code verifier");
      }
      return code.userId;
    },
  };
}
