import fc from "fast-check";
import { expect, test } from "vitest";
import { bisect } from "../../../sinks/dynamics/bisect.ts";

/** Sends rows of which some are bad, and counts the calls. */
async function found(count: number, bad: ReadonlySet<number>, fewest: number) {
  const taken: number[] = [];
  const alone: number[] = [];
  let calls = 0;
  const attempt = async (rows: readonly number[]): Promise<boolean> => {
    calls += 1;
    if (rows.some((row) => bad.has(row))) return false;
    taken.push(...rows);
    return true;
  };
  const few = async (rows: readonly number[]): Promise<void> => {
    calls += 1;
    for (const row of rows) (bad.has(row) ? alone : taken).push(row);
  };
  const rows = Array.from({ length: count }, (_, at) => at);
  if (!(await attempt(rows))) await bisect(rows, { attempt, few, fewest });
  return { calls, taken: taken.sort((a, b) => a - b), alone: alone.sort((a, b) => a - b) };
}

test("every culprit is found, every innocent row is taken once, within 2·log₂(n)+1 calls a culprit", async () => {
  const sizes = fc.integer({ min: 2, max: 1000 });
  const fewest = fc.constantFrom(1, 4, 64);
  const many = fc.array(fc.nat(999), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, many, fewest, async (count, places, least) => {
      const bad = new Set(places.map((place) => place % count));
      const { calls, taken, alone } = await found(count, bad, least);
      expect(alone).toEqual([...bad].sort((a, b) => a - b));
      expect(taken).toHaveLength(count - bad.size);
      expect(calls).toBeLessThanOrEqual(bad.size * (2 * Math.ceil(Math.log2(count)) + 1) + 1);
    }),
  );
});

test("rows that are all bad cost no more than twice their number", async () => {
  const all = new Set(Array.from({ length: 256 }, (_, at) => at));
  expect((await found(256, all, 1)).calls).toBeLessThan(3 * 256);
});
