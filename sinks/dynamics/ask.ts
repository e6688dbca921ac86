import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { AskedRow, DestinationRow, SinkRow } from "../sink.ts";
import type { FileDigests } from "./file-digests.ts";
import { rowsById, rowsByKey } from "./observe.ts";
import type { ReadParts } from "./row-reading.ts";
import { rowGuid } from "./row-guid.ts";

/**
 * What stands of records whose fate is unknown, by key: rows that carry their key are asked for by it,
 * which finds those others made, too; the others by their primary key, which is made of the key.
 */
export async function ask(
  parts: ReadParts,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
  digests: FileDigests,
): Promise<ReadonlyMap<string, AskedRow>> {
  if (plan.keyField !== "") {
    const keys = rows.map(({ key }) => key);
    const found = await rowsByKey(parts, plan, keys, digests);
    return new Map(found.map((row) => [row.key as string, asked(row)] as const));
  }
  const keys = new Map(
    rows.map(
      ({ key, destinationId }) => [destinationId ?? rowGuid(plan.object, key), key] as const,
    ),
  );
  const found = await rowsById(parts, plan, [...keys.keys()], digests);
  return new Map(
    found.flatMap((row) => {
      const key = keys.get(row.destinationId);
      return key === undefined ? [] : [[key, asked(row)] as const];
    }),
  );
}

function asked(row: DestinationRow): AskedRow {
  return { ...row, moreIds: [], whole: null };
}
