import { randomBytes } from "node:crypto";
import type { Org } from "../org.ts";

/** One sign-in. */
export interface Session {
  readonly token: string;
  readonly userId: string;
}

interface Kept {
  readonly userId: string;
  readonly kind: "access" | "refresh";
  /** The refresh token that bought this access token. */
  readonly from?: string;
  usedAt: number;
}

/** The sign-ins of an org; they end when idle for the org's session time. */
export interface Sessions {
  /** A new session; it ends with the refresh token that bought it. */
  open(userId: string, refreshToken?: string): Session;
  /** A token that buys new sessions. */
  openRefresh(userId: string): string;
  /** The living session of an access token; using it keeps it alive. */
  use(token: string): Session | undefined;
  /** The user of a refresh token. */
  userOfRefresh(token: string): string | undefined;
  /** Ends a session, or a refresh token with the sessions it bought; false where the token is unknown. */
  end(token: string): boolean;
}

/** Opens the sign-ins kept in the org's database. */
export function sessionsOf(org: Org): Sessions {
  const { sql } = org.database;
  const insert = sql.prepare("INSERT INTO session (token, body) VALUES (?, ?)");
  const remove = sql.prepare("DELETE FROM session WHERE token = ?");
  const kept = new Map<string, Kept>();
  for (const row of sql.prepare("SELECT token, body FROM session").all()) {
    const { token, body } = row as { token: string; body: string };
    kept.set(token, JSON.parse(body) as Kept);
  }
  const add = (userId: string, kind: Kept["kind"], from?: string): string => {
    // Never three parts joined by dots: jsforce would take that for a JWT and refuse SOAP calls.
    const opaque = randomBytes(48).toString("base64url").replaceAll("-", "_");
    const token = kind === "access" ? `${org.id.slice(0, 15)}!AQ${opaque}` : `5Aep${opaque}`;
    const made = { userId, kind, usedAt: org.clock.now() };
    const entry: Kept = from === undefined ? made : { ...made, from };
    kept.set(token, entry);
    insert.run(token, JSON.stringify(entry));
    return token;
  };
  const end = (token: string): boolean => {
    for (const [own, { from }] of kept) if (from === token) end(own);
    remove.run(token);
    return kept.delete(token);
  };
  return {
    open: (userId, from) => ({ userId, token: add(userId, "access", from) }),
    openRefresh: (userId) => add(userId, "refresh"),
    use(token) {
      const entry = kept.get(token);
      if (entry?.kind !== "access" || !org.as(entry.userId).access.active) return undefined;
      const now = org.clock.now();
      if (now - entry.usedAt > org.settings.current().sessionSeconds * 1_000) {
        end(token);
        return undefined;
      }
      entry.usedAt = now;
      return { token, userId: entry.userId };
    },
    userOfRefresh: (token) => {
      const entry = kept.get(token);
      return entry?.kind === "refresh" ? entry.userId : undefined;
    },
    end,
  };
}
