import { expect, test } from "vitest";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Moment } from "../../sinks/loader/choice.ts";
import { ReadyRows } from "../../sinks/loader/choose.ts";
import { noShard, shardOf } from "../../sinks/loader/sharded-rows.ts";
import type { Ready, Taken } from "../../sinks/loader/taken.ts";
import { threeObjects } from "./three-objects.ts";

const job = threeObjects.objects[1] as ObjectPlan;
const settings = { bulkThreshold: 100, flushMs: 500, lanes: 2 };
const limits = { bulkRows: 250, smallRows: 40 };
const moment = (changes: Partial<Moment> = {}): Moment => {
  return { now: 1000, behind: false, full: false, bulk: true, open: () => true, ...changes };
};

function aReady(n: number, parent: string | undefined, plan = job): Ready {
  return {
    taken: {
      ...{ plan, id: `Case|job-${n}`, record: { key: `job-${n}` } },
      stored: { bytes: n >= 9000 ? 2 ** 20 : 1000 },
    } as unknown as Taken,
    operation: "insert",
    row: { key: `job-${n}`, destinationId: null, fields: { Subject: n === 7 ? "#N/A" : "s" } },
    loaded: null,
    parent,
    shard: shardOf(parent),
    files: false,
    readyAt: 1000,
  };
}

function filled(count: number, parents: number): ReadyRows {
  const rows = new ReadyRows(settings, limits, (_plan, _operation, row) => {
    return row.fields["Subject"] !== "#N/A";
  });
  for (let n = 0; n < count; n += 1) rows.add(aReady(n, `customer-${n % parents}`));
  return rows;
}

test("open bulk jobs of an object share no parent, are at most as many as the lanes, and keep a parent's rows together", () => {
  const rows = filled(1000, 40);
  const parents: Set<string>[] = [];
  for (;;) {
    const choice = rows.chooseBulk(moment());
    if (choice === undefined) break;
    rows.lanes.bulkOpened("Case", choice.shards);
    const keys = choice.groups[0]?.rows.map(({ parent }) => parent as string) ?? [];
    expect(keys.length).toBeLessThanOrEqual(250);
    expect([...keys].sort()).toEqual(keys);
    parents.push(new Set(keys));
  }
  expect(parents).toHaveLength(2);
  expect([...(parents[0] ?? [])].filter((key) => parents[1]?.has(key))).toEqual([]);
});

test("few rows go together when the oldest has waited, later while more are on their way", () => {
  const rows = filled(30, 5);
  expect(rows.chooseBulk(moment())).toBe(undefined);
  expect(rows.chooseSmall(moment({ now: 1400 }), false)).toBe(undefined);
  expect(rows.chooseSmall(moment({ now: 1600, behind: true }), false)).toBe(undefined);
  const choice = rows.chooseSmall(moment({ now: 1600 }), false);
  expect(choice?.groups[0]?.rows).toHaveLength(30);
  expect(rows.size).toBe(0);
});

test("a full small call goes at once, and a row no bulk job can carry always goes by one", () => {
  const rows = filled(300, 20);
  const bulk = rows.chooseBulk(moment());
  expect(bulk?.groups[0]?.rows.some(({ row }) => row.key === "job-7")).toBe(false);
  const small = rows.chooseSmall(moment(), false);
  expect(small?.groups[0]?.rows).toHaveLength(40);
  expect(small?.groups[0]?.rows[0]?.row.key).toBe("job-7");
});

test("what is many enough, or is becoming many, is left to a bulk job, unless none may be opened", () => {
  const many = filled(300, 20);
  const later = moment({ behind: true, now: 99_000 });
  expect(many.chooseSmall(later, false)?.groups[0]?.rows.map(({ row }) => row.key)).toEqual([
    "job-7",
  ]);
  expect(many.chooseSmall(later, false)).toBe(undefined);
  expect(many.chooseSmall({ ...later, bulk: false }, false)?.groups[0]?.rows).toHaveLength(40);
  const some = filled(60, 20);
  expect(some.chooseSmall(moment({ behind: true }), false)).toBe(undefined);
  expect(some.chooseSmall(later, false)?.groups[0]?.rows).toHaveLength(40);
});

test("what is not open is not chosen", () => {
  const rows = filled(300, 20);
  expect(rows.chooseBulk(moment({ open: (_plan, operation) => operation !== "insert" }))).toBe(
    undefined,
  );
  expect(rows.chooseSmall(moment({ now: 99_000, open: () => false }), false)).toBe(undefined);
});

test("while more rows are coming a job waits until every free lane's is full, but no longer than ten seconds", () => {
  const rows = filled(400, 40);
  expect(rows.chooseBulk(moment({ behind: true }))).toBe(undefined);
  expect(rows.chooseBulk(moment({ behind: true, full: true }))?.groups[0]?.rows).toHaveLength(250);
  rows.lanes.bulkOpened("Case", new Set());
  expect(rows.chooseBulk(moment({ behind: true, full: true }))).toBe(undefined);
  const more = filled(400, 40);
  expect(more.chooseBulk(moment({ behind: true, now: 11_100 }))).not.toBe(undefined);
  expect(filled(600, 40).chooseBulk(moment({ behind: true }))?.groups[0]?.rows).toHaveLength(250);
});

test("where the free lanes carry all rows, none of them stays behind for a parent a job holds", () => {
  const rows = filled(400, 40);
  const sizes: number[] = [];
  for (let lane = 0; lane < 2; lane += 1) {
    const choice = rows.chooseBulk(moment());
    rows.lanes.bulkOpened("Case", choice?.shards ?? new Set());
    sizes.push(choice?.groups[0]?.rows.length ?? 0);
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
  // Row 7, which no job can carry.
  expect(rows.size).toBe(1);
});

test("a job that is not full waits a moment for rows whose parents another one holds", () => {
  const rows = filled(560, 40);
  const first = rows.chooseBulk(moment());
  rows.lanes.bulkOpened("Case", first?.shards ?? new Set());
  const second = rows.chooseBulk(moment());
  rows.lanes.bulkOpened("Case", second?.shards ?? new Set());
  rows.lanes.bulkEnded("Case", first?.shards ?? new Set());
  const now = performance.now();
  for (let n = 0; n < 120; n += 1) rows.add(aReady(700 + n, [...parentsOf(first)][0]));
  expect(rows.chooseBulk(moment({ now }))).toBe(undefined);
  expect(rows.chooseBulk(moment({ now: now + 6000 }))).not.toBe(undefined);
});

function parentsOf(choice: ReturnType<ReadyRows["chooseBulk"]>): Set<string> {
  return new Set(choice?.groups[0]?.rows.map(({ parent }) => parent as string));
}

test("rows without a parent lock nobody: as many jobs of them as there are lanes go at once", () => {
  const rows = new ReadyRows(settings, limits, () => true);
  for (let n = 0; n < 500; n += 1) rows.add(aReady(n, undefined));
  for (const lane of [1, 2]) {
    const choice = rows.chooseBulk(moment());
    expect(choice?.groups[0]?.rows, `lane ${lane}`).toHaveLength(250);
    rows.lanes.bulkOpened("Case", choice?.shards ?? new Set());
  }
  expect(noShard).toBe(shardOf(undefined));
});

test("jobs that were locked out halve the lanes, and each that was not gives one back", () => {
  const rows = new ReadyRows({ ...settings, lanes: 4 }, limits, () => true);
  rows.lanes.ended("Case", 3, 100);
  expect(rows.lanes.free(job)).toBe(2);
  rows.lanes.ended("Case", 100, 100);
  rows.lanes.ended("Case", 100, 100);
  expect(rows.lanes.free(job)).toBe(1);
  rows.lanes.ended("Case", 1, 100);
  expect(rows.lanes.free(job)).toBe(2);
});

test("rows known by parent and content are never in two small requests, nor beside one in a job", () => {
  const comment: ObjectPlan = { ...job, object: "CaseComment", identity: "content" };
  const rows = new ReadyRows(settings, limits, () => true);
  for (let n = 0; n < 300; n += 1) rows.add(aReady(n, `job-${n}`, comment));
  rows.lanes.smallOpened(["CaseComment"], new Set());
  expect(rows.chooseBulk(moment())).toBe(undefined);
  expect(rows.chooseSmall(moment({ now: 99_000 }), false)).toBe(undefined);
  rows.lanes.smallEnded(["CaseComment"], new Set());
  expect(rows.chooseBulk(moment())).not.toBe(undefined);
});

const held = (rows: ReadyRows, moments: Partial<Moment>, most = 10) => {
  const choices = [];
  while (choices.length < most) {
    const choice = rows.chooseSmall(moment(moments), false);
    if (choice === undefined) break;
    rows.lanes.smallOpened(["Case"], choice.shards);
    choices.push(choice);
  }
  return choices;
};

function withoutJobs(count: number, parents: number): ReadyRows {
  const rows = new ReadyRows(settings, limits, undefined);
  for (let n = 0; n < count; n += 1) rows.add(aReady(n, `customer-${n % parents}`));
  return rows;
}

test("without bulk jobs many rows go by full requests of one mapping, several at once, none sharing a parent", () => {
  const rows = withoutJobs(400, 200);
  const line: ObjectPlan = { ...job, object: "Work_Order_Line_Item__c" };
  for (let n = 0; n < 30; n += 1) rows.add(aReady(n, `job-${n}`, line));
  const choices = held(rows, { behind: true });
  expect(choices.length).toBeGreaterThan(4);
  const seen = new Set<string>();
  for (const { groups, channel } of choices) {
    expect([channel, groups.length, groups[0]?.rows.length]).toEqual(["small", 1, 40]);
    const parents = new Set(groups[0]?.rows.map(({ parent }) => parent as string));
    expect([...parents].filter((key) => seen.has(key))).toEqual([]);
    for (const key of parents) seen.add(key);
  }
});

test("what fills no request waits five seconds while more are coming, or until nothing else makes room", () => {
  expect(held(withoutJobs(30, 5), { behind: true, now: 5900 })).toEqual([]);
  expect(held(withoutJobs(30, 5), { behind: true, now: 6000 })).toHaveLength(1);
  expect(held(withoutJobs(30, 5), { behind: true, full: true })).toHaveLength(1);
  const busy = withoutJobs(30, 5);
  busy.lanes.smallOpened(["Case"], new Set());
  expect(held(busy, { behind: true, full: true })).toEqual([]);
  busy.lanes.smallEnded(["Case"], new Set());
  expect(held(busy, { behind: true, full: true })).toHaveLength(1);
});

test("rows that would fill a request with those an open one holds back wait for its end, or twenty seconds behind the last", () => {
  const busy = new Set([shardOf("customer-0")]);
  const waiting = (): ReadyRows => {
    const rows = new ReadyRows(settings, limits, undefined);
    // Ready for long: since when they are counts for nothing here.
    for (let n = 0; n < 60; n += 1) {
      rows.add({ ...aReady(n, `customer-${n % 2}`), readyAt: -100_000 });
    }
    rows.lanes.smallOpened(["Case"], new Set());
    rows.lanes.smallOpened(["Case"], busy);
    rows.lanes.smallEnded(["Case"], new Set());
    return rows;
  };
  const rows = waiting();
  const soon = performance.now() + 19_000;
  expect(held(rows, { now: soon })).toEqual([]);
  expect(held(rows, { now: soon, behind: true })).toEqual([]);
  rows.lanes.smallEnded(["Case"], busy);
  expect(held(rows, { now: soon })[0]?.groups[0]?.rows).toHaveLength(40);
  const others = waiting();
  expect(held(others, { now: performance.now() + 20_000 })[0]?.groups[0]?.rows).toHaveLength(30);
});

test("children of a parent a small request holds wait for its end, of whatever object they are", () => {
  const rows = new ReadyRows(settings, limits, undefined);
  rows.add(aReady(1, "customer-1"));
  const [first] = held(rows, { now: 99_000 });
  const contact: ObjectPlan = { ...job, object: "Contact" };
  rows.add(aReady(2, "customer-1", contact));
  rows.add(aReady(3, undefined));
  const second = held(rows, { now: 99_000 });
  expect(second.flatMap(({ groups }) => groups.map(({ rows: [row] }) => row?.row.key))).toEqual([
    "job-3",
  ]);
  rows.lanes.smallEnded(["Case"], first?.shards ?? new Set());
  expect(held(rows, { now: 99_000 })[0]?.groups[0]?.rows[0]?.row.key).toBe("job-2");
});

test("a small request of large records is full before it has many", () => {
  const rows = new ReadyRows(settings, limits, undefined);
  for (let n = 0; n < 20; n += 1) rows.add(aReady(9000 + n, `customer-${n}`));
  const [first, second] = held(rows, { now: 99_000 });
  expect([first, second].map((each) => each?.groups[0]?.rows.length)).toEqual([4, 4]);
});

test("large records fill a request by their bytes: so many go at once, and fewer wait for those an open one holds back", () => {
  const rows = new ReadyRows(settings, limits, undefined);
  for (let n = 0; n < 10; n += 1) {
    rows.add({ ...aReady(9000 + n, `customer-${n % 2}`), readyAt: 0 });
  }
  rows.lanes.smallOpened(["Case"], new Set([shardOf("customer-0")]));
  const [full] = held(rows, { behind: true });
  expect(full?.groups[0]?.rows).toHaveLength(4);
  rows.lanes.smallEnded(["Case"], full?.shards ?? new Set());
  expect(held(rows, { now: performance.now() + 19_000 })).toEqual([]);
  expect(held(rows, { now: performance.now() + 20_000 })[0]?.groups[0]?.rows).toHaveLength(1);
});
