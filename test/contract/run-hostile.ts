import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import {
  type DestinationRow,
  type RowResults,
  resultKey,
  type Sink,
  type SinkRow,
} from "../../sinks/sink.ts";
import { lying } from "./lies.ts";
import { type Names, namesOf } from "./names.ts";
import type { Opened } from "./run-scenario.ts";
import { type Hostile, written } from "./scenario.ts";
import type { Way } from "./ways.ts";

/** A row that carries one hostile value, or none: then it is a neighbour. */
interface HostileRow {
  readonly key: string;
  readonly of: string;
  readonly plan: ObjectPlan;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly hostile: FieldPlan | undefined;
  readonly refusable: boolean;
}

/** Columns of a customer that take any text. */
const textColumns = ["name", "memo", "source_id"];

/** Writes every hostile value and holds what stands there against it. With `lie` the sink lies so. */
export async function runHostile(
  { kind, destination, sink }: Opened,
  hostile: Hostile,
  way: Way,
  lie?: string,
): Promise<void> {
  const names = namesOf(kind, randomBytes(4).toString("hex"));
  const rows = rowsOf(names, hostile);
  const liar = lie === undefined ? sink : lying(sink, lie);
  for (const [plan, some] of Map.groupBy(rows, (row) => row.plan)) {
    const results = await way(
      { sink: liar, honest: sink },
      { plan, operation: "insert", rows: some.map(rowOf) },
      (row) => harmless(some, row),
    );
    const keys = some.map(({ key }) => key);
    const read = byKey(await sink.read(plan, { keys }));
    const observed = byKey(await allOf(sink, plan));
    const standing = await destination.rows(plan.object);
    const raw = new Map(standing.map((row) => [row.key, row] as const));
    for (const row of some) {
      const what = `${row.of} in ${row.hostile?.name ?? "a neighbour"}`;
      if (wasRefused(results, row, what)) {
        // What stood there before is as it was.
        const value = read.get(row.key)?.fields[row.hostile?.name ?? ""];
        expect([undefined, null, "Harmless"], what).toContain(value);
        continue;
      }
      const said = results.get(resultKey(plan.object, row.key));
      expect(said, what).toMatchObject({ destinationId: raw.get(row.key)?.id });
      expect(["created", "updated"], what).toContain(said?.kind);
      expect(read.get(row.key)?.fields, what).toMatchObject(comparable(sink, row));
      expect(observed.get(row.key)?.fields, what).toEqual(read.get(row.key)?.fields);
      expectLetters(row, raw.get(row.key)?.values ?? {}, what);
    }
  }
}

function rowOf({ key, fields }: HostileRow): SinkRow {
  return { key, destinationId: null, fields };
}

/** A row as it may stand before its hostile value comes. */
function harmless(rows: readonly HostileRow[], row: SinkRow): SinkRow {
  const hostile = rows.find(({ key }) => key === row.key)?.hostile;
  if (hostile === undefined) return row;
  const isText = hostile.type === "string" || hostile.type === "textarea";
  return { ...row, fields: { ...row.fields, [hostile.name]: isText ? "Harmless" : null } };
}

/** Whether a row was refused, as it may be: with a code, by the field that holds the hostile value. */
function wasRefused(results: RowResults, row: HostileRow, what: string): boolean {
  const result = results.get(resultKey(row.plan.object, row.key));
  if (result?.kind !== "refused") return false;
  expect(row.refusable, `${what} was refused: ${result.code}, ${result.message}`).toBe(true);
  expect(result.code, what).not.toBe("");
  expect([result.class, result.field], what).toEqual(["refuse", row.hostile?.name]);
  return true;
}

/** Texts stand there letter by letter; only their line ends and what is at their edges may be others. */
function expectLetters(row: HostileRow, values: Readonly<Record<string, unknown>>, what: string) {
  for (const { name, type } of row.plan.fields) {
    const sent = row.fields[name];
    if (typeof sent !== "string" || (type !== "string" && type !== "textarea")) continue;
    const plain = sent.replaceAll(/\r\n?/g, "\n").trim();
    expect([sent, plain], `${what}: ${name}`).toContain(values[name]);
  }
}

function comparable(sink: Sink, { plan, fields }: HostileRow) {
  const filled = plan.fields.filter(({ name }) => name in fields);
  return Object.fromEntries(
    filled.map((field) => [field.name, sink.canonical(field, fields[field.name] as FieldValue)]),
  );
}

function rowsOf(names: Names, { texts, values }: Hostile): readonly HostileRow[] {
  const rows: HostileRow[] = [];
  const add = (
    key: string,
    of: string,
    own: HostileRow["fields"],
    more: Partial<HostileRow> = {},
  ) => {
    const plan = names.plan(key);
    rows.push({ ...{ key, of, plan, hostile: undefined, refusable: false }, fields: own, ...more });
  };
  const neighbour = (like: string): void => {
    const key = names.key(`${like}-neighbour${rows.length}`);
    add(
      key,
      "nothing",
      names.fields(`${like}-`, { [like === "job" ? "title" : "name"]: "Neighbour" }),
    );
  };
  for (const [at, { of, value, refusable = false }] of texts.entries()) {
    const text = String(written(value));
    const named = names.fields("customer-", { name: "Hostile" });
    for (const column of textColumns) {
      const hostile = names.field("customer-", column);
      const own = { ...named, [hostile.name]: text };
      add(names.key(`customer-${column}${at}`), of, own, {
        hostile,
        refusable: refusable || text.length > 100,
      });
    }
    add(sourceKey("customer", `${names.key("-")}${text}`), `${of}, as an id`, named);
    neighbour("customer");
  }
  for (const [column, list] of Object.entries(values)) {
    const hostile = names.field("job-", column);
    for (const [at, { of, value, refusable = false }] of list.entries()) {
      const own = { ...names.fields("job-", { title: "Hostile" }), [hostile.name]: value };
      add(names.key(`job-${column}${at}`), of, own, { hostile, refusable });
      neighbour("job");
    }
  }
  return rows;
}

function byKey(rows: readonly DestinationRow[]): ReadonlyMap<string, DestinationRow> {
  return new Map(rows.flatMap((row) => (row.key === null ? [] : [[row.key, row] as const])));
}

async function allOf(sink: Sink, plan: ObjectPlan): Promise<readonly DestinationRow[]> {
  const rows: DestinationRow[] = [];
  for await (const page of sink.observe(plan)) rows.push(...page);
  return rows;
}
