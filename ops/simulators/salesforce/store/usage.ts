import type { Clock } from "../../server/clock.ts";
import type { Database } from "./database.ts";

const hourMs = 3_600_000;

/** What was used of each allowance in the last 24 hours; kept through a restart. */
export interface Usage {
  add(kind: string, by?: number): void;
  lastDay(kind: string): number;
}

/** Opens the usage counters. */
export function usageOf(database: Database, clock: Clock): Usage {
  const upsert = database.sql.prepare(
    "INSERT INTO usage (kind, hour, n) VALUES (?, ?, ?) ON CONFLICT (kind, hour) DO UPDATE SET n = n + excluded.n",
  );
  const sum = database.sql.prepare(
    "SELECT coalesce(sum(n), 0) AS n FROM usage WHERE kind = ? AND hour > ?",
  );
  const hour = (): number => Math.floor(clock.now() / hourMs);
  return {
    add: (kind, by = 1) => void upsert.run(kind, hour(), by),
    lastDay: (kind) => (sum.get(kind, hour() - 24) as { n: number }).n,
  };
}
