import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { SalesforceSink } from "../../../sinks/salesforce/salesforce-sink.ts";
import { threeObjects, threeObjectsSchema } from "../../loader/three-objects.ts";
import { changesOf } from "../changes-of.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

const [account, job, line] = threeObjects.objects as [ObjectPlan, ObjectPlan, ObjectPlan];
let org: SimulatedOrg;
let sink: SalesforceSink;

beforeAll(async () => {
  org = await simulatedOrg(threeObjectsSchema);
  sink = await org.sink();
});
afterEach(() => org.admin("DELETE", "faults"));
afterAll(async () => {
  await sink.close();
  await org.close();
});

const create = async (object: string, fields: object): Promise<string> =>
  (await org.rest<{ id: string }>("POST", `sobjects/${object}`, fields)).id;
const clock = async () => Date.parse((await org.admin<{ now: string }>("GET", "clock")).now);

test("several objects' changes come by one call, each object's rows as its own, deleted ones too", async () => {
  const since = (await clock()) - 1000;
  await create("Account", { Name: "A", Source_Key__c: "customer-1" });
  const gone = await create("Case", { Subject: "B", Source_Key__c: "job-1" });
  await org.rest("DELETE", `sobjects/Case/${gone}`);
  const { rows, read, failed } = await changesOf(sink, [account, job, line], since);
  expect(rows.get("Account")).toMatchObject([{ key: "customer-1", deleted: false }]);
  expect(rows.get("Case")).toMatchObject([{ key: "job-1", deleted: true }]);
  expect(rows.get(line.object)).toEqual([]);
  expect([...read.keys()]).toEqual(["Account", "Case", line.object]);
  expect(failed).toEqual(new Map());
});

test("what has more rows than a page is read to its end, beside others that have", async () => {
  const since = (await clock()) - 1000;
  await org.admin("POST", "faults", { faults: [{ kind: "small_pages", on: "query", rows: 4 }] });
  for (let n = 0; n < 11; n += 1) {
    await create("Account", { Name: "A", Source_Key__c: `customer-page-${n}` });
    await create("Case", { Subject: "B", Source_Key__c: `job-page-${n}` });
  }
  const { rows } = await changesOf(sink, [account, job], since);
  for (const object of ["Account", "Case"]) {
    const paged = rows.get(object)?.filter(({ key }) => key?.includes("-page-")) ?? [];
    expect(new Set(paged.map(({ key }) => key)).size).toBe(11);
  }
});

test("a query that is refused is its object's failure, and no other's", async () => {
  const column = { name: "Not_There__c", type: "string" } as const;
  const flawed = { ...job, fields: [...job.fields, column] };
  const { rows, read, failed } = await changesOf(sink, [flawed, account], 0);
  expect(failed).toEqual(new Map([["Case", "SINK_SCHEMA_MISMATCH"]]));
  expect([...read.keys()]).toEqual(["Account"]);
  expect(rows.get("Account")?.length).toBeGreaterThan(0);
});

test("the time said is the org's, not ours, and never later than the moment of asking", async () => {
  await org.admin("POST", "clock", { advance_ms: 500_000 });
  const before = await clock();
  const { read } = await changesOf(sink, [account], before);
  const at = read.get("Account") as number;
  expect(at).toBeGreaterThan(Date.now() + 400_000);
  expect(at).toBeLessThanOrEqual((await clock()) + 1);
  expect(at).toBeGreaterThan(before - 5000);
});
