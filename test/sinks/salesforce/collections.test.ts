import { expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import { Chain } from "../../../sinks/salesforce/chain.ts";
import {
  type Collection,
  collectionResults,
  packCollections,
} from "../../../sinks/salesforce/collections.ts";
import { readBacksOf } from "../../../sinks/salesforce/read-back.ts";
import type { Operation } from "../../../sinks/sink.ts";
import { threeObjects } from "../../loader/three-objects.ts";

const [account, job] = threeObjects.objects as [ObjectPlan, ObjectPlan];
const user: ObjectPlan = { ...account, object: "User", identity: "user" };
const ok = (id: string) => ({ id, success: true, errors: [] });

function wires(plan: ObjectPlan, operation: Operation, of: string, count: number) {
  return Array.from({ length: count }, (_, n) => {
    const destinationId = `id-${of}-${n}`;
    const chain = new Chain(plan, operation, { key: `${of}-${n}`, destinationId, fields: {} });
    if (operation === "insert") chain.insert(1, {});
    else if (operation === "update") chain.update(1, destinationId, {});
    else chain.remove(destinationId);
    return chain.wires;
  }).flat();
}

test("a collection holds 200 rows, objects mixed but for users, and deletes leave before inserts", () => {
  const packed = packCollections([
    ...wires(account, "insert", "customer", 150),
    ...wires(job, "insert", "job", 100),
    ...wires(job, "update", "job", 2),
    ...wires(user, "update", "technician", 2),
    ...wires(job, "delete", "old", 3),
  ]);
  expect(packed.map((each) => [each.operation, each.wires.length])).toEqual([
    ["delete", 3],
    ["update", 2],
    ["update", 2],
    ["insert", 200],
    ["insert", 50],
  ]);
});

test("a reply whose order does not prove itself says nothing of any row", () => {
  const never = () => false;
  const [two] = packCollections(wires(account, "update", "customer", 2)) as [Collection];
  const straight = [ok("id-customer-0"), ok("id-customer-1")];
  expect(collectionResults(two, straight, never).size).toBe(2);
  expect(collectionResults(two, straight.toReversed(), never).size).toBe(0);
  expect(collectionResults(two, [ok("id-customer-0")], never).size).toBe(0);
  const [made] = packCollections(wires(account, "insert", "customer", 2)) as [Collection];
  const ids = new Map([
    ["001a", "customer-0"],
    ["001b", "customer-1"],
  ]);
  const isRow = ({ chain }: Collection["wires"][number], id: string) =>
    ids.get(id) === chain.row.key;
  expect(collectionResults(made, [ok("001a"), ok("001b")], isRow).size).toBe(2);
  expect(collectionResults(made, [ok("001b"), ok("001a")], isRow).size).toBe(0);
});

test("inserts of many objects leave in calls whose proofs fit: a collection and a query an object, five in all", () => {
  const many = ["A", "B", "C", "D", "E", "F"].flatMap((object) =>
    wires({ ...account, object }, "insert", object, 3),
  );
  const packed = packCollections(many);
  const objects = packed.map(
    (each) => new Set(each.wires.map(({ chain }) => chain.plan.object)).size,
  );
  expect(objects).toEqual([4, 2]);
  expect(packed.map((each) => readBacksOf(each).length)).toEqual([4, 2]);
});
