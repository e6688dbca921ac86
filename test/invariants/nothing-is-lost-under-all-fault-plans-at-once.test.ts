import { afterEach, expect, test } from "vitest";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { rehearsed, type Rehearsed, tooLarge } from "../e2e/rehearsed.ts";
import { faultPlans, killLoader, openJobs, prepared, silent } from "./fault-plans.ts";

let run: Rehearsed | undefined;

afterEach(async () => {
  await run?.close();
  run = undefined;
});

test("20,000 records under every fault plan at once and three SIGKILLs of the loader arrive once each", async () => {
  const ended = new AbortController();
  let killing: Promise<string[]> = Promise.resolve([]);
  const faults = prepared(Object.values(faultPlans).flat(), 300);
  const withKills = async (surroundings: Surroundings): Promise<void> => {
    await faults(surroundings);
    killing = killLoader(surroundings, [2, 5, 8], ended.signal);
  };
  run = await rehearsed({ size: 560 }, { prepared: withKills });
  ended.abort();
  const kills = await killing;
  process.stdout.write(`kills:\n  ${kills.join("\n  ")}\n`);
  expect(kills).toHaveLength(3);
  expect(await silent(run.surroundings)).toEqual([]);
  const { differences, rows } = await run.compare();
  expect(differences).toEqual([]);
  expect(Object.values(rows).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
  expect(run.report.doubles).toEqual([]);
  expect(await openJobs(run.surroundings)).toEqual([]);
  expect(run.accounted).toBe(true);
  expect(tooLarge(run)).toEqual([]);
}, 600_000);
