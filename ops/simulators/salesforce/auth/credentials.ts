import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Org } from "../org.ts";

/** What a client signs in with. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** The org's connected app and its run-as user, made at the first start. */
export function credentialsOf(org: Org): Credentials {
  const random = (bytes: number): string => randomBytes(bytes).toString("hex");
  return {
    clientId: org.settings.keep("client_id", () => `3MVG9cutover${random(16)}`),
    clientSecret: org.settings.keep("client_secret", () => random(32).toUpperCase()),
    username: org.settings.keep("username", () => "integration@cutover.example"),
    password: org.settings.keep("password", () => random(12)),
  };
}

/** Compares secrets without telling by the time it takes how much of them is right. */
export function sameSecret(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}
