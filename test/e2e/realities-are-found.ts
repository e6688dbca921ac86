import { expect, test } from "vitest";
import { endings, ofRejectedJob } from "./endings.ts";
import type { Rehearsed } from "./rehearsed.ts";

interface PlantedKind {
  readonly by: Readonly<Record<string, { readonly ids: readonly string[] }>>;
}

/** Ids by kind and entity. */
type Sets = Record<string, readonly string[]>;

/** What the source says it was planted with, as it stands now. */
async function planted({ surroundings }: Rehearsed): Promise<Sets> {
  const kinds = await surroundings.qdispatch.call<Record<string, PlantedKind>>("GET", "planted");
  const sets: Sets = {};
  for (const [kind, { by }] of Object.entries(kinds)) {
    for (const [entity, { ids }] of Object.entries(by)) sets[`${kind} ${entity}`] = ids;
  }
  return sets;
}

/** What the ledger has found. */
async function found({ ledger }: Rehearsed): Promise<Sets> {
  const rows = await ledger.query<{ name: string; ids: readonly string[] }>(
    "SELECT concat(kind, ' ', entity) AS name, groupArray(source_id) AS ids FROM finding GROUP BY name",
  );
  return Object.fromEntries(rows.map(({ name, ids }) => [name, ids]));
}

/** Records rejected when they were read: a letter says what is wrong with them, and nothing else is known. */
async function neverRead({ ledger }: Rehearsed): Promise<ReadonlySet<string>> {
  const rows = await ledger.query<{ record: string }>(
    "SELECT DISTINCT concat(entity, ' ', source_id) AS record FROM rejected WHERE stage = 'poll'",
  );
  return new Set(rows.map(({ record }) => record));
}

/** Tests that every reality a source was planted with is found, and ended where its rule says. */
export function realitiesAreFound(whole: () => Rehearsed): void {
  test("the ledger finds every reality the source was planted with, record by record, and no other", async () => {
    const run = whole();
    const unread = await neverRead(run);
    const comparable = (sets: Sets): Sets =>
      Object.fromEntries(
        Object.entries(sets).map(([name, ids]) => {
          const [kind, entity] = name.split(" ");
          const known = ids.filter((id) => kind === "text_odd" || !unread.has(`${entity} ${id}`));
          return [name, [...known].sort()];
        }),
      );
    const wanted = await planted(run);
    expect(Object.values(wanted).filter((ids) => ids.length > 0).length).toBeGreaterThan(35);
    expect(comparable({ ...empty(wanted), ...(await found(run)) })).toEqual(comparable(wanted));
  });

  test("every record that shows a reality ends where the rule for it says", async () => {
    const run = whole();
    const rows = await run.ledger.query<{ kind: string; record: string; ended: readonly string[] }>(
      "SELECT kind, concat(entity, ' ', source_id) AS record, ended FROM finding",
    );
    const wrong: string[] = [];
    for (const [record, of] of Map.groupBy(rows, ({ record: each }) => each)) {
      const entity = record.split(" ")[0] as string;
      const allowed = of.flatMap(({ kind }) => endings[`${kind} ${entity}`] ?? []);
      const ended = new Set(of.flatMap((row) => row.ended));
      for (const end of ended) {
        if (!allowed.includes(end) && !ofRejectedJob(entity, end)) wrong.push(`${record}: ${end}`);
      }
      if (ended.size === 0 && entity !== "service_location") wrong.push(`${record}: nowhere`);
    }
    expect(wrong).toEqual([]);
  });

  test("the report counts the kinds as the source does, and everything is accounted for", async () => {
    const run = whole();
    const { report } = run;
    const letters = (await neverRead(run)).size;
    const wanted = await planted(run);
    for (const { kind, entity, records } of report.findings) {
      const { length } = wanted[`${kind} ${entity}`] ?? [];
      expect(Math.abs(records - length), `${kind} ${entity}`).toBeLessThanOrEqual(letters);
    }
    expect(run.accounted).toBe(true);
  });
}

function empty(sets: Sets): Sets {
  return Object.fromEntries(Object.keys(sets).map((name) => [name, []]));
}
