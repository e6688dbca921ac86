import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DestinationRow } from "../sink.ts";
import type { FileDigests } from "./file-digests.ts";
import { hasUnknownChoice, toRow } from "./observed-row.ts";
import { rowPages } from "./row-pages.ts";
import { type ReadParts, type RowReading, rowReading } from "./row-reading.ts";
import { type ApiRow, chunks } from "./standing.ts";

/** All rows of ours. */
export async function* observe(
  parts: ReadParts,
  plan: ObjectPlan,
  digests: FileDigests,
): AsyncGenerator<readonly DestinationRow[]> {
  const reading = await rowReading(parts, plan);
  for await (const page of rowPages(parts.client, reading, reading.ours)) {
    yield await rowsOf(parts, reading, page, digests);
  }
}

/** The rows of a page; a choice that was added meanwhile is asked for. */
export async function rowsOf(
  parts: ReadParts,
  reading: RowReading,
  page: readonly ApiRow[],
  digests: FileDigests | undefined,
): Promise<readonly DestinationRow[]> {
  let known = reading;
  if (page.some((row) => hasUnknownChoice(reading, row))) {
    parts.client.metadata.forget(reading.plan.object);
    known = await rowReading(parts, reading.plan);
  }
  const rows = page.map((row) => toRow(known, parts.client, row));
  return digests === undefined ? rows : digests.of(known, page, rows);
}

/** Living rows by key. Keys are compared without case and accents by the service, exactly by us. */
export async function rowsByKey(
  parts: ReadParts,
  plan: ObjectPlan,
  keys: readonly string[],
  digests?: FileDigests,
): Promise<readonly DestinationRow[]> {
  const wanted = new Set(keys);
  const rows = await rowsHolding(parts, plan, plan.keyField, keys, digests);
  return rows.filter(({ key }) => key !== null && wanted.has(key));
}

/** Living rows by id. */
export async function rowsById(
  parts: ReadParts,
  plan: ObjectPlan,
  ids: readonly string[],
  digests?: FileDigests,
): Promise<readonly DestinationRow[]> {
  return rowsHolding(parts, plan, undefined, ids, digests);
}

async function rowsHolding(
  parts: ReadParts,
  plan: ObjectPlan,
  column: string | undefined,
  values: readonly string[],
  digests: FileDigests | undefined,
): Promise<readonly DestinationRow[]> {
  const found: DestinationRow[] = [];
  if (values.length === 0) return found;
  const reading = await rowReading(parts, plan);
  const name = column ?? reading.table.primaryId;
  for (const some of chunks(values)) {
    const list = some.map((value) => `'${value.replaceAll("'", "''")}'`).join(",");
    const filter = `Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=[${list}])`;
    for await (const page of rowPages(parts.client, reading, filter)) {
      const rows = await rowsOf(parts, reading, page, digests);
      found.push(...rows.filter(({ deleted }) => !deleted));
    }
  }
  return found;
}
