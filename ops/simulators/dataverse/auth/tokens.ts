import { createHash, randomBytes } from "node:crypto";
import type { Environment } from "../environment.ts";

/** What a token stands for. */
export interface Session {
  readonly clientId: string;
  readonly expiresAt: number;
}

/** The tokens given out, kept through a restart; only their hashes are. */
export interface Tokens {
  issue(clientId: string): { token: string; seconds: number };
  /** The session of a token that still lives. */
  use(token: string): Session | undefined;
  /** Ends a token before its time. */
  end(token: string): void;
}

/** Opens the tokens of an environment. */
export function tokensOf({
  database,
  clock,
  settings,
}: Pick<Environment, "database" | "clock" | "settings">): Tokens {
  const { sql } = database;
  const insert = sql.prepare("INSERT OR REPLACE INTO session VALUES (?, ?)");
  const select = sql.prepare("SELECT body FROM session WHERE token = ?");
  const remove = sql.prepare("DELETE FROM session WHERE token = ?");
  const known = new Map<string, Session>();
  const hashOf = (token: string): string => createHash("sha256").update(token).digest("base64url");
  return {
    issue(clientId) {
      const token = randomBytes(48).toString("base64url");
      const seconds = settings.current().tokenSeconds;
      const session = { clientId, expiresAt: clock.now() + seconds * 1_000 };
      insert.run(hashOf(token), JSON.stringify(session));
      return { token, seconds };
    },
    use(token) {
      const session = known.get(token) ?? sessionOf(select.get(hashOf(token)));
      if (session === undefined || session.expiresAt <= clock.now()) return undefined;
      if (known.size > 1_000) known.clear();
      known.set(token, session);
      return session;
    },
    end(token) {
      known.delete(token);
      remove.run(hashOf(token));
    },
  };
}

function sessionOf(found: unknown): Session | undefined {
  const body = (found as { body: string } | undefined)?.body;
  return body === undefined ? undefined : (JSON.parse(body) as Session);
}
