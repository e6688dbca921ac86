import { afterEach, test } from "vitest";
import type { Rehearsed } from "../e2e/rehearsed.ts";
import { endured, expectWhole } from "./fault-plans.ts";
import { salesforceUnderFaults as salesforce } from "./salesforce-faults.ts";

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test.for(Object.entries(salesforce.plans))(
  "%s: nothing is lost, nothing doubled, no job left open",
  { timeout: 360_000 },
  async ([, plan]) => {
    ({ run } = await endured(salesforce, [plan], { size: 60 }));
    await expectWhole(salesforce, run);
  },
);
