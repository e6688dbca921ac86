import { afterEach, expect, test } from "vitest";
import { rehearsed, type Rehearsed } from "../e2e/rehearsed.ts";
import { faultPlans, openJobs, prepared, silent } from "./fault-plans.ts";

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test.for(Object.keys(faultPlans))(
  "%s: nothing is lost, nothing doubled, no job left open",
  { timeout: 360_000 },
  async (plan) => {
    run = await rehearsed({ size: 60 }, { prepared: prepared(faultPlans[plan] ?? [], 40) });
    expect(await silent(run.surroundings)).toEqual([]);
    expect((await run.compare()).differences).toEqual([]);
    expect(run.report.doubles).toEqual([]);
    expect(await openJobs(run.surroundings)).toEqual([]);
    expect(run.accounted).toBe(true);
  },
);
