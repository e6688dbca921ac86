import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "./loader-world.ts";
import { ended, exitOf, expectEndedOnce } from "./killed.ts";
import type { Said } from "./migration-world.ts";

const world = new LoaderWorld();
const rows = 6000;

beforeAll(() => world.open());
afterAll(async () => {
  await world.close();
  await closeWatermarks();
});

function customer(n: number, name: string): Said {
  return { object: "Account", key: `customer-${n}`, fields: { Name: name } };
}

test("killed when some of a job's rows have ended and others have not, the loader ends each version once", async () => {
  const first = Array.from({ length: rows }, (_, n) => customer(n, `name ${n}`));
  await world.say(...first);
  expect(await exitOf(world.spawn("loader.ends_settled:kill@1"))).toBe("SIGKILL");
  const before = await world.outcomes();
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(rows);

  // Newer versions of rows that have ended and of rows that have not.
  const changed = first.filter((_, n) => n % 10 === 0).map((_, n) => customer(n * 10, `new ${n}`));
  await world.say(...changed);
  expect(await exitOf(world.spawn("loader.ends_settled:kill@1"))).toBe("SIGKILL");
  await ended(world);
  await expectEndedOnce(world, rows + changed.length);
  const there = await world.org.rows("Account");
  expect(there.size).toBe(rows);
  const wanted = new Map([...first, ...changed].map(({ key, fields }) => [key, fields?.["Name"]]));
  expect(new Map([...there].map(([key, row]) => [key, row["Name"]]))).toEqual(wanted);
});
