import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "./loader-world.ts";
import { exitOf, type Said } from "./migration-world.ts";

const world = new LoaderWorld();
/** What each place at which the loader dies leaves behind is different: all must end the same. */
const faults = [
  "loader.request_committed:kill@2",
  "loader.job_created:kill@1",
  "loader.uploaded:kill@1",
  "loader.sent:kill@2",
  "loader.settling:kill@4",
  "loader.settled:kill@3",
];

beforeAll(() => world.open());
afterAll(async () => {
  await world.close();
  await closeWatermarks();
});

/** A round of changes: many new rows, few changed, some deleted, one in two versions, children of both. */
function round(n: number): Said[] {
  const said: Said[] = [];
  for (let at = 0; at < 120; at += 1) {
    const key = `customer-${n}-${at}`;
    said.push({ object: "Account", key, fields: { Name: `name ${n} ${at}` } });
  }
  for (let at = 0; at < 60; at += 1) {
    const fields = { Subject: `job ${n} ${at}`, AccountId: `customer-${n}-${at}` };
    said.push({ object: "Case", key: `job-${n}-${at}`, fields });
  }
  said.push({ object: "Account", key: `customer-${n}-0`, fields: { Name: `changed ${n}` } });
  if (n > 0) {
    for (let at = 60; at < 90; at += 1) {
      const key = `customer-${n - 1}-${at}`;
      said.push({ object: "Account", key, fields: at % 2 ? null : { Name: `moved ${n} ${at}` } });
    }
  }
  return said;
}

function expected(all: readonly Said[], object: string, field: string): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  for (const each of all.filter((one) => one.object === object)) {
    if (each.fields === null) rows.delete(each.key);
    else rows.set(each.key, each.fields[field]);
  }
  return rows;
}

test("killed wherever it hurts, the loader ends each version once and the org equals what was said", async () => {
  const all: Said[] = [];
  for (const [n, fault] of faults.entries()) {
    const said = round(n);
    all.push(...said);
    await world.say(...said);
    expect(await exitOf(world.spawn(fault)), fault).toBe("SIGKILL");
  }
  const last = world.spawn("");
  await expect.poll(() => world.passed(), { timeout: 60_000, interval: 500 }).toBe(true);
  last.kill("SIGTERM");
  expect(await exitOf(last)).toBe(0);
  for (const [object, field] of [
    ["Account", "Name"],
    ["Case", "Subject"],
  ] as const) {
    const there = await world.org.rows(object);
    const found = new Map([...there].map(([key, row]) => [key, row[field]]));
    expect(found).toEqual(expected(all, object, field));
  }
  const ended = new Map<string, number>();
  for (const { object, key, version } of await world.outcomes()) {
    const name = `${object}|${key}|${version.offset}`;
    ended.set(name, (ended.get(name) ?? 0) + 1);
  }
  expect([...ended].filter(([, count]) => count !== 1)).toEqual([]);
  expect(ended.size).toBe(all.length);
  expect((await world.parked()).size).toBe(0);
}, 240_000);
