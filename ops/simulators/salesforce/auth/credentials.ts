import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Org } from "../org.ts";

/** What a client signs in with. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  /** What a client outside the trusted networks appends to the password; this org takes it or leaves it. */
  readonly securityToken: string;
}

/** The org's connected app and its run-as user, made at the first start. */
export function credentialsOf(org: Org): Credentials {
  const random = (bytes: number): string => randomBytes(bytes).toString("hex");
  const credentials: Credentials = {
    clientId: org.settings.keep("client_id", () => `3MVG9cutover${random(16)}`),
    clientSecret: org.settings.keep("client_secret", () => random(32).toUpperCase()),
    username: org.settings.keep("username", () => "integration@cutover.example"),
    password: org.settings.keep("password", () => random(12)),
    securityToken: org.settings.keep("security_token", () => random(12)),
  };
  return credentials;
}

/** Gives a user a password of their own. */
export function setPassword(org: Org, username: string, password: string): void {
  org.settings.put(passwordName(username), digestOf(password));
}

/** The id of the user whom a username and password name; undefined where they do not fit. */
export function userByPassword(
  org: Org,
  credentials: Credentials,
  username: string,
  given: string,
): string | undefined {
  const own = org.settings.read(passwordName(username));
  const { password, securityToken } = credentials;
  const runAs = username.toLowerCase() === credentials.username.toLowerCase();
  const fits =
    own !== undefined
      ? [given, given.slice(0, -securityToken.length)].some((text) =>
          sameSecret(digestOf(text), own),
        )
      : runAs && [password, password + securityToken].some((text) => sameSecret(given, text));
  return fits ? userNamed(org, username) : undefined;
}

/** The id of the user of a name, whatever its case. */
export function userNamed(org: Org, username: string): string | undefined {
  const users = org.rows("User");
  const [n] = users.indexes.get("Username")?.find(username) ?? [];
  return n === undefined ? undefined : users.get(n)?.id;
}

/** Compares secrets without telling by the time it takes how much of them is right. */
export function sameSecret(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function passwordName(username: string): string {
  return `password_of ${username.toLowerCase()}`;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
