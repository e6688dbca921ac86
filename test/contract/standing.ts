import { expect } from "vitest";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { type Sink, resultKey } from "../../sinks/sink.ts";
import type { Destination, StandingRow } from "./kinds/kind.ts";
import type { Names } from "./names.ts";
import { spread } from "./names.ts";
import type { Fields } from "./scenario.ts";

/** What one run looks at: the sink, and the destination past it. */
export interface Sight {
  /** The honest sink: it reads what a lying one has written. */
  readonly sink: Sink;
  readonly destination: Destination;
  readonly names: Names;
}

/** What must stand of each key, `null` for no row. */
export type Stand = Readonly<Record<string, Fields | null>>;

/** Rows of this run by object and key; fails where two have the same key. */
export async function ourRows(
  { destination, names }: Sight,
  plans: readonly ObjectPlan[],
): Promise<ReadonlyMap<string, StandingRow>> {
  const found = new Map<string, StandingRow>();
  for (const { object } of new Set(plans)) {
    for (const row of await destination.rows(object)) {
      if (!names.isOurs(row.key)) continue;
      const name = resultKey(object, row.key);
      expect(found.has(name), `${name} stands there twice`).toBe(false);
      found.set(name, row);
    }
  }
  return found;
}

/** Fails unless each key stands there once with these fields, or not at all: past the sink and as it reads. */
export async function expectStanding(sight: Sight, wanted: Stand): Promise<void> {
  const { sink, names } = sight;
  const entries = spread(wanted);
  const plans = [...new Set(entries.map(([key]) => names.plan(key)))];
  const there = await ourRows(sight, plans);
  for (const plan of plans) {
    const ours = entries.filter(([key]) => names.plan(key) === plan);
    const keys = ours.map(([key]) => names.key(key));
    const read = await sink.read(plan, { keys });
    for (const [key, fields] of ours) {
      const own = names.key(key);
      const [row, ...more] = read.filter((each) => each.key === own);
      expect(more, key).toEqual([]);
      expect(there.has(resultKey(plan.object, own)), `${key} stands there`).toBe(fields !== null);
      if (fields === null) expect(row, key).toBe(undefined);
      else expect(row?.fields, key).toMatchObject(canonicalOf(sight, key, fields));
    }
  }
}

/** Fields as the destination's comparable texts. */
export function canonicalOf(
  { sink, names }: Sight,
  key: string,
  fields: Fields,
): Readonly<Record<string, string | null>> {
  const named = names.fields(key, fields);
  const texts = Object.entries(named).map(([name, value]) => {
    const field = names.plan(key).fields.find((each) => each.name === name);
    if (field === undefined) throw new Error(`${key} has no field ${name}.`);
    return [name, sink.canonical(field, value)] as const;
  });
  return Object.fromEntries(texts);
}
