import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rehearsed, tooLarge } from "../e2e/rehearsed.ts";
import { dynamicsUnderFaults as dynamics } from "./dynamics-faults.ts";
import { refusedIn } from "./refusals.ts";
import { endured, type Endured, expectWhole } from "./fault-plans.ts";

let endurance: Endured;
let run: Rehearsed;

beforeAll(async () => {
  const all = Object.values(dynamics.plans);
  endurance = await endured(dynamics, all, { size: 740, killAt: [3_000, 9_000, 16_000] });
  ({ run } = endurance);
}, 900_000);

afterAll(() => run?.close());

test("20,000 records under every fault plan at once and three SIGKILLs of the loader arrive once each", async () => {
  process.stdout.write(`kills:\n  ${endurance.kills.join("\n  ")}\n`);
  expect(endurance.kills).toHaveLength(3);
  await expectWhole(dynamics, run);
  const { reconciliation } = run.report;
  expect(reconciliation.reduce((sum, { equal }) => sum + equal, 0)).toBeGreaterThan(20_000);
  expect((await refusedIn(run)).length).toBeGreaterThan(3);
});

test("no process grows beyond its memory", () => {
  expect(Object.keys(run.report.figures.peakRss)).toContain("loader");
  expect(tooLarge(run)).toEqual([]);
});

test("closed jobs were edited and opened again on the way", async () => {
  const ended = await run.ledger.query<{ outcome: string }>(
    "SELECT DISTINCT outcome FROM outcome WHERE object = 'opportunityclose'",
  );
  expect(ended.map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(["created", "updated", "deleted"]),
  );
});
