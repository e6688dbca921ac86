import { expect } from "vitest";
import type { Comparison } from "../independent/comparison.ts";
import type { Rehearsed } from "./rehearsed.ts";

/** Nothing is missing, extra, different, twice or unreadable, after at least so many live changes. */
export function expectReconciled({ report, accounted }: Rehearsed, changes: number): void {
  const { reconciliation, doubles, unreadable, missing, extra, differences } = report;
  expect({ missing, extra, differences, doubles, unreadable }).toEqual({
    missing: [],
    extra: [],
    differences: [],
    doubles: [],
    unreadable: 0,
  });
  expect(accounted).toBe(true);
  for (const row of reconciliation) expect(row.destination).toBe(row.equal);
  expect(report.figures.changes).toBeGreaterThan(changes);
}

/** What was changed behind its back is what was to be, and was named and repaired. */
export function expectDriftRepaired(
  { report }: Rehearsed,
  drift: readonly { readonly object: string; readonly field: string | null }[],
): void {
  const { planted, unnamed, repaired } = report.drift;
  expect(planted.map(({ object, field }) => ({ object, field }))).toEqual(drift);
  expect(unnamed).toEqual([]);
  expect(repaired).toEqual(
    expect.arrayContaining(planted.map(({ object, key }) => `${object} ${key}`)),
  );
}

/**
 * What the ledger says has no row is what the source's truth explains. Answers with the notes whose jobs
 * left them behind: one waits where nobody ever saw the job, and went with it where somebody did.
 */
export async function expectAbsentExplained(
  run: Rehearsed,
  { absent }: Comparison,
): Promise<ReadonlySet<string>> {
  const waiting = await run.ledger.query<{ key: string }>(
    "SELECT key FROM record_state WHERE state IN ('parked', 'rejected', 'refused')",
  );
  // A record of several rows is told row by row, as `<key>/<n>`.
  const keys = new Set(waiting.map(({ key }) => key.replace(/\/\d+$/, "")));
  const { orphan } = await run.surroundings.qdispatch.call<{
    orphan: { by: { note: { ids: readonly string[] } } };
  }>("GET", "planted");
  const leftBehind = new Set(orphan.by.note.ids.map((id) => `note-${id}`));
  const others = (all: Iterable<string>) => [...all].filter((key) => !leftBehind.has(key)).sort();
  expect(others(keys)).toEqual(others(absent.keys()));
  return leftBehind;
}
