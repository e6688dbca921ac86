import { afterAll, beforeAll, expect, test } from "vitest";
import { cut, dynamicsUnderFaults as dynamics, pending } from "./dynamics-faults.ts";
import { refusedIn } from "./refusals.ts";
import { expectWhole } from "./fault-plans.ts";
import { begun, type UnderWay } from "./under-way.ts";

const { [pending]: provisioning = {}, [cut]: load = {} } = dynamics.plans;

let migration: UnderWay;

beforeAll(async () => {
  const options = { size: 60, edition: "enterprise" } as const;
  migration = await begun(dynamics, { provisioning, load }, options);
}, 900_000);

afterAll(() => migration?.close());

test(`${pending}: an environment is provisioned`, () => {
  expect(provisioning.provisioning).toHaveLength(1);
  expect(migration.silentInProvisioning).toEqual([]);
});

test(`${cut}: nothing is lost, nothing doubled, and nothing had to be repaired`, async () => {
  const run = await migration.end();
  await expectWhole(dynamics, run);
  expect(await refusedIn(run)).toEqual([]);
}, 900_000);
