import { expect, test } from "vitest";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { ReadyRows, shardOf } from "../../sinks/loader/choose.ts";
import type { Ready, Taken } from "../../sinks/loader/taken.ts";
import type { Operation } from "../../sinks/sink.ts";
import { threeObjects } from "./three-objects.ts";

const job = threeObjects.objects[1] as ObjectPlan;
const settings = { bulkThreshold: 100, flushMs: 500, lanes: 2 };
const limits = { bulkRows: 250, smallRows: 40 };
const always = () => true;

function aReady(n: number, parent: string, operation: Operation = "insert"): Ready {
  return {
    taken: { plan: job, id: `Case|job-${n}` } as unknown as Taken,
    operation,
    row: { key: `job-${n}`, destinationId: null, fields: { Subject: n === 7 ? "#N/A" : "s" } },
    references: [{ field: "AccountId", object: "Account", key: parent }],
    shard: shardOf(parent),
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
    const choice = rows.chooseBulk(always);
    if (choice === undefined) break;
    rows.bulkOpened("Case", choice.shards);
    const keys = choice.groups[0]?.rows.map(({ references }) => references[0]?.key as string) ?? [];
    expect(keys.length).toBeLessThanOrEqual(250);
    expect([...keys].sort()).toEqual(keys);
    parents.push(new Set(keys));
  }
  expect(parents).toHaveLength(2);
  expect([...(parents[0] ?? [])].filter((key) => parents[1]?.has(key))).toEqual([]);
});

test("few rows go together when the oldest has waited, later while more are on their way", () => {
  const rows = filled(30, 5);
  expect(rows.chooseBulk(always)).toBe(undefined);
  expect(rows.chooseSmall(1400, false, always)).toBe(undefined);
  expect(rows.chooseSmall(1600, true, always)).toBe(undefined);
  const choice = rows.chooseSmall(1600, false, always);
  expect(choice?.groups[0]?.rows).toHaveLength(30);
  expect(rows.size).toBe(0);
});

test("a full small call goes at once, and a row no bulk job can carry always goes by one", () => {
  const rows = filled(300, 20);
  const bulk = rows.chooseBulk(always);
  expect(bulk?.groups[0]?.rows.some(({ row }) => row.key === "job-7")).toBe(false);
  const small = rows.chooseSmall(1000, true, always);
  expect(small?.groups[0]?.rows).toHaveLength(40);
  expect(small?.groups[0]?.rows[0]?.row.key).toBe("job-7");
});

test("what is not open is not chosen", () => {
  const rows = filled(300, 20);
  expect(rows.chooseBulk((_plan, operation) => operation !== "insert")).toBe(undefined);
  expect(rows.chooseSmall(99_000, false, () => false)).toBe(undefined);
});
