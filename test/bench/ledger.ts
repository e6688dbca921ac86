import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import { readSchema } from "../../pipeline/kafka/schema-files.ts";
import { FindingSearch } from "../../sinks/clickhouse/finding.ts";
import { Judging } from "../../sinks/clickhouse/judging.ts";
import { identityRows, outcomeRows, requestRows } from "../../sinks/clickhouse/loader-rows.ts";
import { openComparer } from "../../sinks/clickhouse/comparable.ts";
import { openDatabase } from "../../sinks/clickhouse/open-database.ts";
import { writePlan } from "../../sinks/clickhouse/plan-rows.ts";
import { controlRows, observedRows } from "../../sinks/clickhouse/read-back-rows.ts";
import { buildReport } from "../../sinks/clickhouse/report.ts";
import { loadRows, sourceRows } from "../../sinks/clickhouse/way-in-rows.ts";
import { Writer } from "../../sinks/clickhouse/writer.ts";
import { canonical } from "../../sinks/canonical.ts";
import { compiledFrom, defaultFolder } from "../mapping/default-mappings.ts";
import { blank } from "../ledger/blank.ts";
import { machine } from "./machine.ts";

/** Rows of each object among a thousand; the rest of a plan's objects get ten. */
const shares: Readonly<Record<string, number>> = {
  ...{ Account: 60, Contact: 80, Case: 150, Work_Order_Line_Item__c: 250, Job_Technician__c: 120 },
  ...{ Event: 120, Task: 60, CaseComment: 80, Invoice__c: 40, Payment__c: 40 },
};

/** What the ledger holds and how long it judges at so many destination rows, without Kafka before it. */
export async function bench(args: Record<string, string>): Promise<object> {
  const rows = Number(args["rows"] ?? 184_000);
  const before = machine();
  const { plan } = compiledFrom(defaultFolder);
  const path = mkdtempSync(join(tmpdir(), "cutover-bench-ledger-"));
  const database = await openDatabase({ path });
  await writePlan(database, plan);
  const writer = new Writer(database, []);
  const counts = plan.objects.map((each) =>
    Math.round((rows * (shares[each.object] ?? 10)) / 1100),
  );
  const all = counts.reduce((sum, count) => sum + count, 0);
  const filler = new Filler(writer, openComparer(plan, canonical), all);
  const basePeak = peakMegabytes();
  const startedAt = performance.now();
  await filler.decide();
  for (const [index, each] of plan.objects.entries()) await filler.fill(each, counts[index] ?? 0);
  await filler.flush();
  await writer.settle();
  const fillSeconds = (performance.now() - startedAt) / 1000;
  const fillPeak = peakMegabytes();
  const judging = new Judging(database, writer);
  const judgeSeconds = await timed(() => judging.fresh());
  const judgePeak = peakMegabytes();
  const findingSeconds = await timed(() => new FindingSearch(database, judging).fresh());
  const reportSeconds = await timed(() => buildReport({ query: (sql) => database.select(sql) }));
  const states = await database.select(
    "SELECT state, reason, count() AS records FROM record_state GROUP BY state, reason",
  );
  return {
    ...{ machine: before, rows: filler.rows, states, fillSeconds, judgeSeconds, findingSeconds },
    ...{
      reportSeconds,
      peakMegabytes: { base: basePeak, fill: fillPeak, judge: judgePeak, all: peakMegabytes() },
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const at = performance.now();
  await work();
  return Math.round(performance.now() - at) / 1000;
}

function peakMegabytes(): number {
  const [, kilobytes = "0"] =
    /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

type Comparer = ReturnType<typeof openComparer>;

/** Writes records as the stages would have, through the ledger's own intake. */
class Filler {
  readonly #writer: Writer;
  readonly #comparer: Comparer;
  readonly #offsets = new Map<string, number>();
  readonly #blank = new Map<string, { meta: object }>();
  readonly #all: number;
  #at = 1_700_000_000_000;
  rows = 0;

  /** `all`: how many rows there will be, so that every read lies behind every write. */
  constructor(writer: Writer, comparer: Comparer, all: number) {
    this.#all = all;
    this.#writer = writer;
    this.#comparer = comparer;
  }

  readonly #emit = (table: string, row: object): void =>
    this.#writer.add(table, row as Record<string, unknown>, 1000);

  #record(topic: string) {
    const offset = this.#offsets.get(topic) ?? 0;
    this.#offsets.set(topic, offset + 1);
    this.#at += 1;
    return {
      ...{ topic, partition: 0, offset, timestamp: this.#at, key: "", value: null, headers: {} },
    };
  }

  async decide(): Promise<void> {
    const value = { kind: "run", name: "run", value: '{"run":1}', said_by: "bench", at: this.#at };
    controlRows(this.#emit, this.#record("b.control"), value);
    await this.flush();
  }

  async flush(): Promise<void> {
    const positions = [...this.#offsets].map(([topic, offset]) => ({
      topic,
      partition: 0,
      offset,
    }));
    await this.#writer.flush(positions);
  }

  async fill(plan: ObjectPlan, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.#whole(plan, index);
      if (this.#writer.isFull()) await this.flush();
    }
    this.rows += count;
  }

  /** The whole way of one record. */
  #whole(plan: ObjectPlan, index: number): void {
    const { object, entity } = plan;
    const id = String(100_000 + index);
    const key = sourceKey(entity, id);
    const version = { run: 1, topic: `b.source.${entity}`, partition: 0, offset: index };
    this.#source(entity, id, version);
    const shared = plan.fields.filter(({ perRow }) => perRow !== true);
    const fields = valuesOf(shared, index);
    const own = plan.fields.filter(({ perRow }) => perRow === true);
    const rows = own.length === 0 ? [] : [valuesOf(own, index)];
    const load = { key, source_id: id, entity, version, plan: "p", revision: 0 };
    loadRows(
      this.#emit,
      this.#record(`b.load.${object}`),
      object,
      {
        ...{ ...load, operation: "upsert", delete_reason: null, repair: false, order: null },
        ...{ hash: key, committed_at: this.#at, fields, rows },
      },
      this.#comparer,
    );
    this.#written(plan, key, id, version);
    const found = foundOf(plan.fields, { ...fields, ...rows[0] });
    const vectors = { outcome_before: [this.#all] };
    // A page of 2,000 rows is one read.
    const page = 1_700_000_000_000 + Math.floor(index / 2000) * 1000;
    const read = {
      ...{ kind: "row", object, destination_id: `00${object.length}${key}`, deleted: false },
      ...{ key: plan.keyField === "" ? null : key, fields: found, read_id: `fast-${object}` },
      ...{ modified_at: this.#at, modified_by: "005", lane: "sweep", read_at: page },
      ...{ ...vectors, request_after: [0], load_before: [0], rows: null, observed_end: null },
    };
    observedRows(this.#emit, this.#record("b.observed"), read, this.#comparer, index % 2000 === 0);
  }

  /** A source record once, whichever objects it feeds. */
  #source(entity: string, id: string, version: { topic: string; offset: number }): void {
    if (version.offset < (this.#offsets.get(version.topic) ?? 0)) return;
    let value = this.#blank.get(entity);
    if (value === undefined) {
      value = blank(readSchema(`source/${entity}`)) as { meta: object };
      this.#blank.set(entity, value);
    }
    const meta = { ...value.meta, read_at: this.#at };
    const record = { ...value, id, active: true, meta } as never;
    sourceRows(this.#emit, this.#record(version.topic), entity, record);
  }

  #written(
    { object, entity }: ObjectPlan,
    key: string,
    id: string,
    version: { run: number; topic: string; partition: number; offset: number },
  ): void {
    const { offset } = version;
    const entry = { key, offset, partition: 0, load_offset: 0, load_partition: 0 };
    const more = { destination_id: null, more_ids: [] };
    requestRows(
      this.#emit,
      this.#record("b.request"),
      {
        ...{ request_id: `${object}-${Math.floor(offset / 200)}`, run: 1, channel: "bulk" },
        ...{ state: "ended", job_id: "750", lane: "one", rows: 200, at: this.#at, note: null },
        groups: [
          {
            ...{ object, operation: "insert", topic: "", source_topic: version.topic },
            entries: [{ ...entry, ...more }],
          },
        ],
      },
      true,
    );
    const destination_id = `00${object.length}${key}`;
    outcomeRows(this.#emit, this.#record("b.outcome"), {
      ...{ object, key, source_id: id, entity, version, outcome: "created", reason: null },
      ...{ code: null, field: null, message: null, destination_id, request_id: "r", order: null },
      ...{ committed_at: this.#at, ended_at: this.#at, duration_ms: 1 },
    });
    identityRows(this.#emit, this.#record("b.identity"), {
      ...{ object, key, source_id: id, destination_id, more_ids: [], version, ended: "created" },
      ...{ hash: null, references: [], origin: "created", preimage: false, deleted: false },
      ...{ cleared: [], incomplete: false, rolled_back: false, at: this.#at },
    });
  }
}

/** A value of each field, as wide as a tenant's. */
function valuesOf(fields: readonly FieldPlan[], index: number): Record<string, FieldValue> {
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field, index)]));
}

function valueOf(field: FieldPlan, index: number): FieldValue {
  if (field.owner === true) return null;
  if (field.reference !== undefined) return `job-${100_000 + (index % 1000)}`;
  const byType: Partial<Record<FieldPlan["type"], FieldValue>> = {
    ...{ datetime: 1_700_000_000_000 + index * 1000, boolean: true, int: index, decimal: "12.50" },
    ...{
      date: "2024-02-03",
      textarea: `A text of the usual length, ${"word ".repeat(20)}${index}`,
    },
    picklist: `Value ${index % 7}`,
    file: `sha256:${"a".repeat(64)}:10`,
  };
  return byType[field.type] ?? `${field.name} ${index}`;
}

function foundOf(
  fields: readonly FieldPlan[],
  values: Readonly<Record<string, FieldValue>>,
): Record<string, string | null> {
  return Object.fromEntries(
    fields.map((field) => {
      const value = values[field.name] ?? null;
      return [field.name, field.reference ? (value as string) : canonical(field, value)];
    }),
  );
}
