import { afterEach, expect, test } from "vitest";
import { type Rehearsed, tooLarge } from "../e2e/rehearsed.ts";
import { endured, expectWhole } from "./fault-plans.ts";
import { salesforceUnderFaults as salesforce } from "./salesforce-faults.ts";

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test("20,000 records under every fault plan at once and three SIGKILLs of the loader arrive once each", async () => {
  const all = Object.values(salesforce.plans);
  const endurance = await endured(salesforce, all, { size: 560, killAt: [2, 5, 8] });
  ({ run } = endurance);
  process.stdout.write(`kills:\n  ${endurance.kills.join("\n  ")}\n`);
  expect(endurance.kills).toHaveLength(3);
  await expectWhole(salesforce, run);
  const { rows } = await run.compare();
  expect(Object.values(rows).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
  expect(tooLarge(run)).toEqual([]);
}, 600_000);
