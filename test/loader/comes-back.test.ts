import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "./loader-world.ts";
import type { RunningLoader } from "./migration-world.ts";

const world = new LoaderWorld();
let loader: RunningLoader;
const settled = () => expect.poll(() => world.passed()).toBe(true);
const job = (key: string, Subject: string, ParentId: string | null = null) => ({
  object: "Case",
  key,
  fields: { Subject, ParentId },
});
const gone = (key: string) => ({ object: "Case", key, fields: null });

beforeAll(() => world.open());
afterAll(async () => {
  await loader.stop();
  await world.close();
  await closeWatermarks();
});

async function parentOf(key: string): Promise<unknown> {
  const rows = await world.org.rows("Case");
  const id = rows.get(key)?.["ParentId"] ?? null;
  return [...rows].find(([, row]) => row["Id"] === id)?.[0] ?? null;
}

/** Ids ordered to be said again, an order each, and whether they are written although nothing changed. */
async function ordered() {
  const orders = Object.values(await world.orders());
  return orders.map(({ entity, ids, repair }) => ({ entity, ids: [...ids].sort(), repair }));
}

test("a row loaded without what its record names, because that was deleted, is said again once it has come back, also by a loader that knows of it from its topics only", async () => {
  loader = await world.start();
  await world.say(job("job-1", "parent"), job("job-2", "child", "job-1"));
  await settled();
  expect(await parentOf("job-2")).toBe("job-1");
  await world.say(gone("job-2"), gone("job-1"));
  await settled();
  await world.say(job("job-2", "child", "job-1"), job("job-3", "other", "job-1"));
  await settled();
  expect([await parentOf("job-2"), await parentOf("job-3")]).toEqual([null, null]);
  expect(await ordered()).toEqual([]);
  await loader.stop();
  loader = await world.start({}, `${world.stateFolder}-2`);
  await world.say(job("job-1", "parent"));
  await settled();
  expect(await ordered()).toEqual([{ entity: "job", ids: ["job-2", "job-3"], repair: true }]);
  // As the poller carries the order out.
  await world.say({ ...job("job-2", "child", "job-1"), repair: true });
  await world.say({ ...job("job-3", "other", "job-1"), repair: true });
  await settled();
  expect([await parentOf("job-2"), await parentOf("job-3")]).toEqual(["job-1", "job-1"]);
});

test("nothing is ordered for rows that have all they name, nor twice", async () => {
  const before = await ordered();
  await world.say(gone("job-3"), gone("job-2"));
  await settled();
  await world.say(gone("job-1"));
  await settled();
  await world.say(job("job-1", "parent anew"), job("job-2", "child", "job-1"));
  await settled();
  expect(await parentOf("job-2")).toBe("job-1");
  expect(await ordered()).toEqual(before);
});
