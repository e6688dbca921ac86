import { afterEach, expect, test } from "vitest";
import type { Rehearsed } from "../e2e/rehearsed.ts";
import { dynamicsUnderFaults as dynamics, leavingOwner } from "./dynamics-faults.ts";
import { refusedIn } from "./dynamics-once.ts";
import { endured, expectWhole } from "./fault-plans.ts";

const cut = "connection cut after commit";
const cases = [
  ...Object.keys(dynamics.plans).map((plan) => ({ plan, edition: "professional" as const })),
  { plan: cut, edition: "enterprise" as const },
];

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test.for(cases)(
  "$plan, edition $edition: nothing is lost, nothing doubled, every job closed as often as it was",
  { timeout: 600_000 },
  async ({ plan, edition }) => {
    ({ run } = await endured(dynamics, [dynamics.plans[plan] ?? {}], { size: 60, edition }));
    await expectWhole(dynamics, run);
    // Whoever owns what is refused is said; everybody else's goes on.
    const refused = await refusedIn(run);
    if (plan === leavingOwner) expect(refused.length).toBeGreaterThan(3);
    else expect(refused).toEqual([]);
  },
);
