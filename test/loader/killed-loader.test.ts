import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "./loader-world.ts";
import type { Said } from "./migration-world.ts";
import { expectEndedOnce, killedThrough, newest } from "./killed.ts";

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

test("killed wherever it hurts, the loader ends each version once and the org equals what was said", async () => {
  const all = await killedThrough(world, faults, round);
  for (const [object, field] of [
    ["Account", "Name"],
    ["Case", "Subject"],
  ] as const) {
    const there = await world.org.rows(object);
    const found = new Map([...there].map(([key, row]) => [key, row[field]]));
    const wanted = newest(all, object).map(({ key, fields }) => [key, fields?.[field]] as const);
    expect(found).toEqual(new Map(wanted));
  }
  await expectEndedOnce(world, all.length);
});
