import { expect, test } from "vitest";
import { Inflow } from "../../sinks/loader/inflow.ts";

const after = (polls: readonly number[], everyMs: number): boolean => {
  const inflow = new Inflow();
  for (const [at, count] of polls.entries()) inflow.took(count, at * everyMs);
  return inflow.isMany((polls.length - 1) * everyMs);
};

test("a load's flow is many through an empty poll, a day's changes are not, and an end is seen in seconds", () => {
  expect(after([1000, 1000, 0, 1000, 0], 300)).toBe(true);
  expect(
    after(
      Array.from({ length: 50 }, () => 40),
      200,
    ),
  ).toBe(false);
  expect(after([1000, 1000, 1000, 0, 0, 0], 1000)).toBe(false);
});
