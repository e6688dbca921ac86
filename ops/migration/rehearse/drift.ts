import type { LedgerClient } from "../../../sinks/clickhouse/ledger-client.ts";
import type { Report } from "../../../sinks/clickhouse/report.ts";
import type { RunningSimulator } from "../simulator.ts";

/** One row changed at the destination behind everyone's back. */
export interface Planted {
  readonly object: string;
  readonly key: string;
  readonly entity: string;
  readonly sourceId: string;
  /** The field flipped; null where the row was removed. */
  readonly field: string | null;
  /** The source record's place in the simulator's truth when it was planted. */
  readonly truthSeq: number;
}

/** What drifted: a flipped field and a removed row. */
export type Drift = readonly Planted[];

const kinds = [
  { object: "Case", entity: "job", field: "Subject" },
  { object: "Work_Order_Line_Item__c", entity: "line_item", field: null },
] as const;

/** Flips one field of a Case and removes one line at the destination, as another user would. */
export async function plantDrift(
  source: RunningSimulator,
  destination: RunningSimulator,
  ledger: LedgerClient,
): Promise<Drift> {
  const planted: Planted[] = [];
  for (const kind of kinds) planted.push(await plant(kind, source, destination, ledger, []));
  return planted;
}

/**
 * A dispatcher's later change mends a drift, since an update writes every field. Such a drift is
 * planted again on another record, now that dispatching is over.
 */
export async function replantMended(
  drift: Drift,
  source: RunningSimulator,
  destination: RunningSimulator,
  ledger: LedgerClient,
): Promise<Drift> {
  const now: Planted[] = [];
  for (const planted of drift) {
    const kind = kinds.find((each) => each.object === planted.object);
    const seq = (await truth(source, planted.entity)).get(planted.sourceId);
    if (kind === undefined || seq === planted.truthSeq) now.push(planted);
    else now.push(await plant(kind, source, destination, ledger, [planted.key]));
  }
  return now;
}

async function plant(
  { object, entity, field }: (typeof kinds)[number],
  source: RunningSimulator,
  destination: RunningSimulator,
  ledger: LedgerClient,
  except: readonly string[],
): Promise<Planted> {
  const living = await truth(source, entity);
  const rows = await ledger.query<{ key: string; source_id: string }>(
    `SELECT key, source_id FROM outcome_newest WHERE object = '${object}' AND outcome IN ('created', 'updated') ORDER BY cityHash64(key) LIMIT 500`,
  );
  const row = rows.find((each) => living.has(each.source_id) && !except.includes(each.key));
  if (row === undefined) throw new Error(`The ledger knows no living ${object} yet.`);
  const change = field === null ? { delete: true } : { set: { [field]: "Changed by hand" } };
  await destination.call("POST", "tamper", { object, key: row.key, ...change });
  const truthSeq = living.get(row.source_id) as number;
  return { object, key: row.key, entity, sourceId: row.source_id, field, truthSeq };
}

/** Living records of an entity with their place in the truth ledger. */
async function truth(
  source: RunningSimulator,
  entity: string,
): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${source.admin}/truth/${entity}`);
  const living = new Map<string, number>();
  for (const line of (await response.text()).split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line) as { id: string; deleted: boolean; seq: number };
    if (!record.deleted) living.set(record.id, record.seq);
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
