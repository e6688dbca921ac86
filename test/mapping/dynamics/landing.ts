import { type FieldPlan, type ObjectPlan, referencedObject } from "../../../pipeline/core/plan.ts";
import type { LoadRecord } from "../../../pipeline/core/load-record.ts";
import type { SourceEntity, SourceRecord } from "../../../pipeline/core/source-record.ts";
import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { type DestinationRow, resultKey, type Sink, type SinkRow } from "../../../sinks/sink.ts";
import type { Fold } from "../../source/fold.ts";

/** What became of a tenant's rows at a destination. */
export interface Landing {
  /** Rows that are there, by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Rows the destination did not take, with its reason. */
  readonly refused: readonly string[];
  /** Rows whose parent is not there. */
  readonly waiting: readonly string[];
  /** Values that are not what was sent, as found now. */
  readonly differences: () => Promise<string[]>;
}

type Sent = readonly [plan: ObjectPlan, record: LoadRecord];

/**
 * Sends a source's rows wave by wave, through a loader that has no trouble: ids are made from keys, owners
 * are left to the destination, and a row waits until what it refers to is there.
 */
export async function landed(compiled: CompiledPlan, source: Fold, sink: Sink): Promise<Landing> {
  const there = new Map<string, Sent>();
  const refused: string[] = [];
  const waiting: string[] = [];
  for (const object of compiled.plan.waves.flat()) {
    // Users are found, never made; rows of one object may wait for one another.
    const plans = compiled.plan.objects.filter(
      (plan) => plan.object === object && plan.identity !== "user",
    );
    let left = plans.flatMap((plan) => recordsOf(compiled, plan, source));
    for (;;) {
      const ready = new Set(left.filter(([plan, record]) => !waits(plan, record, there)));
      if (ready.size === 0) break;
      left = left.filter((each) => !ready.has(each));
      for (const [plan, sent] of Map.groupBy(ready, ([of]) => of)) {
        const rows = sent.map(([, record]) => rowOf(plan, record));
        const results = await sink.send([{ plan, operation: "insert", rows }]);
        for (const each of sent) {
          const id = resultKey(object, each[1].key);
          const result = results.get(id);
          if (result?.kind === "created") there.set(id, each);
          else refused.push(`${id}: ${JSON.stringify(result)}`);
        }
      }
    }
    waiting.push(...left.map(([, { key }]) => resultKey(object, key)));
  }
  const tables = Map.groupBy(there.values(), ([{ object }]) => object);
  return {
    rows: new Map([...tables].map(([object, rows]) => [object, rows.length])),
    refused,
    waiting,
    differences: () => differences(there, sink),
  };
}

function recordsOf({ mappers }: CompiledPlan, plan: ObjectPlan, source: Fold): Sent[] {
  const mapper = mappers.get(plan.entity)?.find(({ object }) => object === plan.object);
  const version = { run: 1, topic: "t", partition: 0, offset: 1 };
  return [...source.alive(plan.entity as SourceEntity).values()].flatMap((record) => {
    const context = { version, committedAt: 1 };
    const result = mapper?.map(record as unknown as SourceRecord, context);
    if (result?.kind !== "mapped" || result.record.operation !== "upsert") return [];
    return [[plan, result.record] as const];
  });
}

function waits(plan: ObjectPlan, { fields }: LoadRecord, there: ReadonlyMap<string, Sent>) {
  return plan.fields.some(({ name, reference }) => {
    const key = fields?.[name];
    if (reference === undefined || typeof key !== "string") return false;
    return !there.has(resultKey(referencedObject(reference, key), key));
  });
}

function rowOf(plan: ObjectPlan, { key, fields }: LoadRecord): SinkRow {
  const sent: Record<string, SinkRow["fields"][string]> = {};
  const targets: Record<string, string> = {};
  for (const { name, owner, createOnly, reference } of plan.fields) {
    const value = fields?.[name] ?? null;
    const isLeftOut = owner === true || (createOnly === true && value === null);
    if (name === plan.keyField || isLeftOut) continue;
    if (reference === undefined || typeof value !== "string") sent[name] = value;
    else {
      targets[name] = referencedObject(reference, value);
      sent[name] = rowGuid(targets[name], value);
    }
  }
  return { key, destinationId: null, fields: sent, targets };
}

async function differences(there: ReadonlyMap<string, Sent>, sink: Sink): Promise<string[]> {
  const found: string[] = [];
  for (const of of Map.groupBy(there.values(), ([plan]) => plan).values()) {
    const [plan] = of[0] as Sent;
    const ids = of.map(([{ object }, { key }]) => rowGuid(object, key));
    const rows = await sink.read(plan, { ids });
    const byId = new Map(rows.map((row) => [row.destinationId, row]));
    for (const [, record] of of) {
      const row = byId.get(rowGuid(plan.object, record.key));
      if (row === undefined) found.push(`${plan.object} ${record.key}: missing`);
      else found.push(...fieldDifferences(plan, record, row, sink));
    }
  }
  return found;
}

function fieldDifferences(
  plan: ObjectPlan,
  { key, fields }: LoadRecord,
  row: DestinationRow,
  sink: Sink,
): string[] {
  const isCompared = (field: FieldPlan): boolean =>
    field.owner !== true && field.createOnly !== true && field.type !== "file";
  return plan.fields.filter(isCompared).flatMap((field) => {
    const value = fields?.[field.name] ?? null;
    const sent = field.reference === undefined ? sink.canonical(field, value) : value;
    const stands = row.fields[field.name] ?? null;
    // What a row is known by needs no column that holds it.
    if (field.name === plan.keyField || sent === stands) return [];
    return [`${plan.object} ${key} ${field.name}: ${String(stands)}, not ${String(sent)}`];
  });
}
