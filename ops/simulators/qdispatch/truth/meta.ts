import type { DatabaseSync } from "node:sqlite";

/** Small facts that survive a restart: what the ledger was made from, the clock, counters of the dispatcher. */
export interface Meta {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** The next free number of a counter, which begins at `first`. */
  next(counter: string, first: number): number;
}

/** The facts kept in an open database. */
export function metaOf(db: DatabaseSync): Meta {
  const read = db.prepare("SELECT value FROM meta WHERE key = ?");
  const write = db.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const get = (key: string): string | undefined =>
    (read.get(key) as { value: string } | undefined)?.value;
  const set = (key: string, value: string): void => void write.run(key, value);
  return {
    get,
    set,
    next(counter, first) {
      const value = Number(get(`next:${counter}`) ?? first);
      set(`next:${counter}`, String(value + 1));
      return value;
    },
  };
}
