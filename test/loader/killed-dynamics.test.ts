import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { DynamicsWorld } from "./dynamics-world.ts";
import type { Said } from "./migration-world.ts";
import { expectEndedOnce, killedThrough, newest } from "./killed.ts";

const world = new DynamicsWorld();
/** What each place at which the loader dies leaves behind is different: all must end the same. */
const faults = [
  "loader.request_committed:kill@2",
  "loader.sent:kill@1",
  "loader.sent:kill@3",
  "loader.settling:kill@4",
  "loader.outcome_sent:kill@30",
  "loader.settled:kill@3",
];

beforeAll(() => world.open());
afterAll(async () => {
  await world.close();
  await closeWatermarks();
});

/** A round of changes: many new rows, few changed, some deleted, one in two versions, children and their notes. */
function round(n: number): Said[] {
  const said: Said[] = [];
  for (let at = 0; at < 120; at += 1) {
    const key = `customer-${n}-${at}`;
    said.push({ object: "account", key, fields: { name: `name ${n} ${at}` } });
  }
  for (let at = 0; at < 60; at += 1) {
    const fields = { qd_name: `job ${n} ${at}`, qd_account: `customer-${n}-${at % 7}` };
    const key = `job-${n}-${at}`;
    said.push({ object: "qd_serviceorder", key, fields: { ...fields, qd_total: "12.50" } });
    const text = { subject: "Note", notetext: `note ${n} ${at % 3}` };
    said.push({ object: "annotation", key: `note-${n}-${at}`, fields: { objectid: key, ...text } });
  }
  said.push({ object: "account", key: `customer-${n}-0`, fields: { name: `changed ${n}` } });
  if (n === 0) return said;
  for (let at = 60; at < 90; at += 1) {
    const key = `customer-${n - 1}-${at}`;
    said.push({ object: "account", key, fields: at % 2 ? null : { name: `moved ${n} ${at}` } });
  }
  for (let at = 0; at < 30; at += 1) {
    const fields = {
      objectid: `job-${n - 1}-${at}`,
      subject: "Note",
      notetext: `again ${n} ${at}`,
    };
    said.push({ object: "annotation", key: `note-${n - 1}-${at}`, fields: at % 3 ? fields : null });
  }
  return said;
}

test("killed wherever it hurts, the loader ends each version once and the environment equals what was said", async () => {
  const all = await killedThrough(world, faults, round);
  for (const [object, field] of [
    ["account", "name"],
    ["qd_serviceorder", "qd_name"],
    ["annotation", "notetext"],
  ] as const) {
    const there = await world.org.rows(object);
    const found = there.map((row) => row[field]).sort();
    const wanted = newest(all, object).map(({ fields }) => fields?.[field]);
    expect(found, object).toEqual(wanted.sort());
  }
  await expectEndedOnce(world, all.length);
});
