import { afterAll, beforeAll, expect, test } from "vitest";
import type { Rehearsed } from "../e2e/rehearsed.ts";
import { amissIsFound } from "./amiss-is-found.ts";
import {
  cut,
  dynamicsUnderFaults as dynamics,
  leavingOwner,
  locked,
  pending,
} from "./dynamics-faults.ts";
import { refusedIn } from "./refusals.ts";
import { expectWhole } from "./fault-plans.ts";
import { begun, type UnderWay } from "./under-way.ts";

const {
  [locked]: provisioning = {},
  [pending]: _enterprise,
  [cut]: load = {},
  [leavingOwner]: last = {},
  ...others
} = dynamics.plans;

let migration: UnderWay;
let run: Rehearsed;

beforeAll(async () => {
  migration = await begun(dynamics, { provisioning, load }, { size: 60 });
}, 900_000);

afterAll(() => migration?.close());

test(`${locked}: an environment is provisioned`, () => {
  expect(provisioning.provisioning).toHaveLength(2);
  expect(migration.silentInProvisioning).toEqual([]);
});

test(`${cut}, in the first load: nothing is lost, nothing doubled, every job closed as often as it was`, async () => {
  await migration.loaded();
}, 600_000);

test.for(Object.entries(others))(
  "%s: nothing is lost, nothing doubled, every job closed as often as it was",
  { timeout: 600_000 },
  async ([, plan]) => {
    await migration.endures(plan);
  },
);

test(`${leavingOwner}: what they own is refused and said, everybody else's goes on`, async () => {
  expect(await refusedIn(migration)).toEqual([]);
  await migration.endures(last);
  expect((await refusedIn(migration)).length).toBeGreaterThan(3);
}, 600_000);

test("nothing had to be repaired in the end", async () => {
  run = await migration.end();
  await expectWhole(dynamics, run);
  expect(Object.keys(others)).toHaveLength(4);
}, 600_000);

amissIsFound(() => run);
