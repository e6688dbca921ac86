import { join } from "node:path";
import type { FieldValue } from "../../../pipeline/core/load-record.ts";
import type { SourceRecord } from "../../../pipeline/core/source-record.ts";
import { type CompiledPlan, compilePlan } from "../../../pipeline/mapping/compile.ts";
import type { MapResult } from "../../../pipeline/mapping/mapper.ts";
import type { GivenSettings } from "../../../pipeline/mapping/settings.ts";

/** The default mappings to Dynamics 365. */
export const dynamicsFolder = join(import.meta.dirname, "../../../pipeline/mapping/dynamics");

const compiled = new Map<string, CompiledPlan>();

/** The default mappings to Dynamics 365 under some settings. */
export function dynamicsPlan(settings: GivenSettings = {}): CompiledPlan {
  const id = JSON.stringify(settings);
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const plan = compilePlan({
    folder: dynamicsFolder,
    settings,
    destination: "dynamics",
    hash: "the-plan",
  });
  compiled.set(id, plan);
  return plan;
}

/** What the default mapping of an entity into a table makes of a record. */
export function mappedInto(
  object: string,
  entity: string,
  record: SourceRecord,
  settings: GivenSettings = {},
): MapResult {
  const mappers = dynamicsPlan(settings).mappers.get(entity) ?? [];
  const mapper = mappers.find((each) => each.object === object);
  if (mapper === undefined) throw new Error(`No mapping makes ${object} of ${entity}.`);
  const version = { run: 1, topic: `m.source.${entity}`, partition: 2, offset: 7 };
  return mapper.map(record, { version, committedAt: 1_700_000_000_000 });
}

/** The fields of the row; fails the test where there is none. */
export function rowOf(
  ...asked: Parameters<typeof mappedInto>
): Readonly<Record<string, FieldValue>> {
  const result = mappedInto(...asked);
  if (result.kind !== "mapped" || result.record.fields === null) {
    throw new Error(`No row: ${JSON.stringify(result)}`);
  }
  return result.record.fields;
}
