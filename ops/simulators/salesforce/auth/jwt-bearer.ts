import { verify } from "node:crypto";
import { z } from "zod";
import { userNamed } from "./credentials.ts";
import { OAuthRefusal } from "./refusal.ts";
import { certificateOf } from "./signing-key.ts";
import type { AuthParts } from "./token.ts";

/** How long after its end an assertion is still taken: clocks differ, and some clients say `exp` = now. */
const graceSeconds = 180;

const header = z.looseObject({ alg: z.string() });
const claims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  /** Some clients send the number as text. */
  exp: z.coerce.number(),
});

/** The user whom a signed assertion names; throws the refusal of one that does not hold. */
export function userByAssertion(parts: AuthParts, assertion: string, base: string): string {
  const { org, credentials } = parts;
  const [head = "", body = "", signature = "", more] = assertion.split(".");
  const { alg } = decoded(header, head);
  const { iss, sub, aud, exp } = decoded(claims, body);
  if (iss !== credentials.clientId) {
    throw new OAuthRefusal("invalid_client_id", "client identifier invalid");
  }
  const certificate = certificateOf(org);
  const signed =
    alg === "RS256" &&
    more === undefined &&
    certificate !== undefined &&
    verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${body}`),
      certificate,
      Buffer.from(signature, "base64url"),
    );
  if (!signed) throw new OAuthRefusal("invalid_grant", "invalid assertion");
  if (![aud].flat().some((one) => isLogin(one, base))) {
    throw new OAuthRefusal("invalid_grant", "audience is invalid");
  }
  // The client's machine stamps the assertion; it knows nothing of a moved clock of this org.
  if (exp + graceSeconds < Date.now() / 1_000) {
    throw new OAuthRefusal("invalid_grant", "expired assertion");
  }
  const userId = userNamed(org, sub);
  if (userId === undefined || !org.settings.current().preauthorized) {
    throw new OAuthRefusal("invalid_grant", "user hasn't approved this consumer");
  }
  return userId;
}

function decoded<T>(schema: z.ZodType<T>, part: string): T {
  try {
    const text = Buffer.from(part, "base64url").toString("utf8");
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new OAuthRefusal("invalid_grant", "invalid assertion");
  }
}

/** The vendor's login hosts, or this org's own address. */
function isLogin(audience: string, base: string): boolean {
  const url = URL.parse(audience);
  if (url === null) return false;
  return url.host === URL.parse(base)?.host || /(^|\.)salesforce\.com$/.test(url.hostname);
}
