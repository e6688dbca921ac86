import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "../loader/loader-world.ts";
import type { RunningLoader } from "../loader/migration-world.ts";
import { threeObjects } from "../loader/three-objects.ts";
import { ObservedWorld } from "./observed-world.ts";

const world = new LoaderWorld();
const read = new ObservedWorld(world);
const objects = threeObjects.objects.map(({ object }) => object);
let loader: RunningLoader;

beforeAll(async () => {
  await world.open();
  loader = await world.start();
  await read.open();
});
afterAll(async () => {
  await Promise.allSettled([loader.stop(), read.close()]);
  await world.close();
  await closeWatermarks();
});

const settled = () => expect.poll(() => world.passed()).toBe(true);

test("a sweep says every row between its begin and its end, and all that was loaded is equal", async () => {
  await world.owners(2, { "technician-1": await anOwner() }, null);
  await world.say(
    { object: "Account", key: "customer-1", fields: { Name: "  Harbour  ", Phone: "1" } },
    { object: "Account", key: "customer-2", fields: { Name: "Quay" } },
  );
  await settled();
  await world.say(
    {
      object: "Case",
      key: "job-1",
      fields: {
        ...{
          AccountId: "customer-1",
          OwnerId: "technician-1",
          Subject: "Boiler <b>\n2",
          Total__c: "12.5",
        },
        CreatedDate: 1_600_000_000_123,
      },
    },
    { object: "Case", key: "job-2", fields: { Subject: "Pump", ParentId: "job-1" } },
    { object: "Account", key: "customer-2", fields: null },
  );
  // Settled may mean parked: the owner may be known a moment later than the record that names it.
  await expect.poll(() => world.outcomesOf("Case", "job-2")).toEqual(["created"]);
  await settled();
  await read.sweep("first");
  const records = await read.observed();
  for (const object of objects) {
    const of = records
      .filter((each) => each.object === object)
      .sort((a, b) => a.read_at - b.read_at);
    const rows = of.filter(({ kind }) => kind === "row");
    expect(of.map(({ kind }) => kind)).toEqual([
      "sweep_begin",
      ...rows.map(() => "row"),
      "sweep_end",
    ]);
    expect(of.at(-1)?.rows).toBe(rows.length);
  }
  expect(records.every((each) => each.outcome_before.length === 3)).toBe(true);
  expect(await read.states()).toEqual(
    ["customer-1", "customer-2", "job-1", "job-2"].map((key) => ({
      key,
      state: "equal",
      reason: "",
    })),
  );
});

test("what was edited and removed behind everyone's back is named after one more question, nothing else", async () => {
  await world.org.admin("POST", "tamper", {
    object: "Case",
    key: "job-1",
    set: { Subject: "Edited" },
  });
  await world.org.admin("POST", "tamper", { object: "Case", key: "job-2", delete: true });
  await read.sweep("second");
  const suspicious = await read.recheck("second");
  expect(suspicious.map(({ key }) => key).sort()).toEqual(["job-1", "job-2"]);
  const report = await read.ledger.report();
  expect(report.differences).toMatchObject([
    { object: "Case", key: "job-1", field: "Subject", expected: "Boiler <b>\n2", found: "Edited" },
  ]);
  expect(report.missing).toMatchObject([{ object: "Case", key: "job-2" }]);
  expect(report).toMatchObject({ accounted: false, extra: [], in_flight: [], doubles: [] });
});

test("while the delta is open, changes and deletions show without a sweep", async () => {
  await world.control.say("phase", "migration", { phase: "delta" }, "test");
  await world.say({ object: "Account", key: "customer-3", fields: { Name: "New" } });
  await settled();
  const stateOf = async (key: string) =>
    (await read.states()).find((each) => each.key === key)?.state;
  await expect.poll(() => stateOf("customer-3"), { interval: 500 }).toBe("equal");
  await world.say({ object: "Account", key: "customer-3", fields: null });
  await settled();
  await read.level();
  await expect.poll(() => stateOf("customer-3"), { interval: 500 }).toBe("equal");
  const rows = (await read.observed()).filter((each) => each.key === "customer-3");
  expect(rows.at(-1)).toMatchObject({ kind: "row", lane: "fast", deleted: true });
});

test("a restarted observer goes on where it stopped and repeats no order", async () => {
  await read.stopObserver();
  const before = (await read.observed()).filter(({ kind }) => kind === "sweep_end").length;
  await world.control.say("sweep", "third", { objects: ["Account"] }, "test");
  await read.startObserver();
  await read.answered("sweep_done", "third");
  const ends = (await read.observed()).filter(({ kind }) => kind === "sweep_end");
  expect(ends.length).toBe(before + 1);
});

/** A user of the org rows can be owned by. */
async function anOwner(): Promise<string> {
  await world.org.admin("POST", "users", {
    users: [{ email: "owner@test.example", name: "Owner" }],
  });
  const sink = await world.org.sink();
  const [user] = await sink.users(["owner@test.example"]);
  await sink.close();
  return user?.id as string;
}
