import { CutoverError } from "../../../pipeline/core/errors.ts";
import type { LedgerClient } from "../../../sinks/clickhouse/ledger-client.ts";
import type { Report } from "../../../sinks/clickhouse/report.ts";
import type { DriftKind } from "../destinations/rehearsed.ts";
import type { RunningSimulator } from "../simulator.ts";
import type { Surroundings } from "./start.ts";

/** One row changed at the destination behind everyone's back. */
export interface Planted {
  readonly object: string;
  readonly key: string;
  readonly entity: string;
  readonly sourceId: string;
  /** The field flipped; null where the row was removed. */
  readonly field: string | null;
  /** When, epoch ms. */
  readonly at: number;
}

/** What drifted: a flipped field and a removed row. */
export type Drift = readonly Planted[];

/** Changes and removes rows at the destination as another user would, one of each kind of drift. */
export async function plantDrift(surroundings: Surroundings, ledger: LedgerClient): Promise<Drift> {
  const planted: Planted[] = [];
  for (const kind of surroundings.driftKinds) {
    planted.push(await plant(kind, surroundings, ledger, []));
  }
  return planted;
}

/**
 * A later write mends a drift, since an update writes every field. Such a drift is planted again on
 * another record, now that nothing is under way any more.
 */
export async function replantMended(
  drift: Drift,
  surroundings: Surroundings,
  ledger: LedgerClient,
): Promise<Drift> {
  const now: Planted[] = [];
  for (const planted of drift) {
    const kind = surroundings.driftKinds.find((each) => each.object === planted.object);
    if (kind === undefined || !(await isMended(planted, ledger))) now.push(planted);
    else now.push(await plant(kind, surroundings, ledger, [planted.key]));
  }
  return now;
}

/** Whether anything was written to the record since. */
async function isMended({ object, key, at }: Planted, ledger: LedgerClient): Promise<boolean> {
  const later = await ledger.query(
    `SELECT 1 FROM outcome WHERE object = '${object}' AND key = '${key}' AND toUnixTimestamp64Milli(ended_at) >= ${at} LIMIT 1`,
  );
  return later.length > 0;
}

async function plant(
  { object, entity, field }: DriftKind,
  { qdispatch, destination }: Surroundings,
  ledger: LedgerClient,
  except: readonly string[],
): Promise<Planted> {
  const living = await livingIds(qdispatch, entity);
  const rows = await ledger.query<{ key: string; source_id: string }>(
    `SELECT key, source_id FROM outcome_newest WHERE object = '${object}' AND outcome IN ('created', 'updated') ORDER BY cityHash64(key) LIMIT 500`,
  );
  const change = field === null ? { delete: true } : { set: { [field]: "Changed by hand" } };
  for (const { key, source_id: sourceId } of rows) {
    if (!living.has(sourceId) || except.includes(key)) continue;
    const at = Date.now();
    if (!(await tampered(destination, { object, key, ...change }))) continue;
    return { object, key, entity, sourceId, field, at };
  }
  throw new Error(`The ledger knows no living ${object} yet that another user may change.`);
}

/** Whether the destination lets it happen: what is closed, nobody may change. */
async function tampered(destination: RunningSimulator, order: object): Promise<boolean> {
  try {
    await destination.call("POST", "tamper", order);
    return true;
  } catch (error) {
    if (error instanceof CutoverError) return false;
    throw error;
  }
}

/** Ids of the living records of an entity. */
async function livingIds(source: RunningSimulator, entity: string): Promise<ReadonlySet<string>> {
  const response = await fetch(`${source.admin}/truth/${entity}`);
  const living = new Set<string>();
  for (const line of (await response.text()).split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line) as { id: string; deleted: boolean };
    if (!record.deleted) living.add(record.id);
  }
  return living;
}

/** Whether the report named what had drifted, before anything was repaired. */
export interface DriftFound {
  readonly planted: Drift;
  /** Planted and not named by the report. */
  readonly unnamed: Drift;
  readonly repaired: readonly string[];
}

/** Looks for the planted drift in a report made before the repair. */
export function driftFound(planted: Drift, report: Report): DriftFound {
  const named = ({ object, key, field }: Planted): boolean =>
    field === null
      ? report.missing.some((each) => each.object === object && each.key === key)
      : report.differences.some(
          (each) => each.object === object && each.key === key && each.field === field,
        );
  return { planted, unnamed: planted.filter((each) => !named(each)), repaired: [] };
}
