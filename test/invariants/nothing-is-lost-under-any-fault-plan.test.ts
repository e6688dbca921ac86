import { afterAll, beforeAll, expect, test } from "vitest";
import { expectWhole } from "./fault-plans.ts";
import { salesforceUnderFaults as salesforce } from "./salesforce-faults.ts";
import { begun, type UnderWay } from "./under-way.ts";

/** The plan that has most to fail in a first load. */
const first = "failed batch with unprocessed rows";
const { [first]: load = {}, ...later } = salesforce.plans;

let migration: UnderWay;

beforeAll(async () => {
  migration = await begun(salesforce, { load }, { size: 60 });
}, 900_000);

afterAll(() => migration?.close());

test(`${first}, in the first load: nothing is lost, nothing doubled, no job left open`, async () => {
  await migration.loaded();
}, 600_000);

test.for(Object.entries(later))(
  "%s: nothing is lost, nothing doubled, no job left open",
  { timeout: 600_000 },
  async ([, plan]) => {
    await migration.endures(plan);
  },
);

test("nothing had to be repaired in the end", async () => {
  const run = await migration.end();
  await expectWhole(salesforce, run);
  expect(Object.keys(later)).toHaveLength(6);
}, 600_000);
