import { expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import {
  type Collection,
  collectionResults,
  packCollections,
} from "../../../sinks/salesforce/collections.ts";
import { threeObjects } from "../../loader/three-objects.ts";

const [account, job] = threeObjects.objects as [ObjectPlan, ObjectPlan];
const rows = (of: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `${of}-${n}`,
    destinationId: `id-${of}-${n}`,
    fields: {},
  }));
const ok = (id: string) => ({ id, success: true, errors: [] });

test("a collection holds 200 rows, objects mixed, and deletes leave before inserts", () => {
  const packed = packCollections([
    { plan: account, operation: "insert", rows: rows("customer", 150) },
    { plan: job, operation: "insert", rows: rows("job", 100) },
    { plan: job, operation: "delete", rows: rows("old", 3) },
  ]);
  expect(packed.map((each) => [each.operation, each.rows.length])).toEqual([
    ["delete", 3],
    ["insert", 200],
    ["insert", 50],
  ]);
});

test("a reply whose order does not prove itself says nothing of any row", () => {
  const [two] = packCollections([
    { plan: account, operation: "update", rows: rows("customer", 2) },
  ]) as [Collection];
  const straight = collectionResults(two, [ok("id-customer-0"), ok("id-customer-1")], new Map());
  expect(straight.size).toBe(2);
  expect(collectionResults(two, [ok("id-customer-1"), ok("id-customer-0")], new Map()).size).toBe(
    0,
  );
  expect(collectionResults(two, [ok("id-customer-0")], new Map()).size).toBe(0);
  const [made] = packCollections([
    { plan: account, operation: "insert", rows: rows("customer", 2) },
  ]) as [Collection];
  const ids = new Map([
    ["Account|customer-0", "001a"],
    ["Account|customer-1", "001b"],
  ]);
  expect(collectionResults(made, [ok("001a"), ok("001b")], ids).size).toBe(2);
  expect(collectionResults(made, [ok("001b"), ok("001a")], ids).size).toBe(0);
});
