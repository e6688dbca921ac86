import { afterEach, beforeEach, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { DynamicsWorld } from "./dynamics-world.ts";
import { exitOf } from "./killed.ts";
import type { Said } from "./migration-world.ts";

const writes = "^POST .*(Multiple|batch)";
/** What may go wrong with a call, each as often as it is bearable. */
const faults: readonly object[] = [
  { kind: "throttle", on: writes, from: 2, until: 4, seconds: 1 },
  { kind: "drop_after", on: writes, from: 3, until: 7 },
  { kind: "status", status: 503, body: "", on: writes, from: 4, until: 6 },
  { kind: "expire_token", on: writes, from: 2, until: 5 },
];

let world: DynamicsWorld;

beforeEach(async () => {
  world = new DynamicsWorld();
  await world.open();
});
afterEach(async () => {
  await world.close();
  await closeWatermarks();
});

/** Accounts, their orders, and the orders' notes. */
function records(of: string, count: number): Said[] {
  const said: Said[] = [];
  for (let n = 0; n < count; n += 1) {
    const [customer, job, note] = [`customer-${of}-${n}`, `job-${of}-${n}`, `note-${of}-${n}`];
    const text = { objectid: job, subject: "Note", notetext: "same" };
    said.push(
      { object: "account", key: customer, fields: { name: customer } },
      { object: "qd_serviceorder", key: job, fields: { qd_name: job, qd_account: customer } },
      { object: "annotation", key: note, fields: text },
    );
  }
  return said;
}

/** Everything said stands there once, each version has ended once, and nothing was refused. */
async function expectWhole(said: readonly Said[]): Promise<void> {
  await expect.poll(() => world.passed(), { interval: 500 }).toBe(true);
  for (const object of ["account", "qd_serviceorder", "annotation"]) {
    const count = said.filter((each) => each.object === object).length;
    expect(await world.org.rows(object), object).toHaveLength(count);
  }
  const ended = (await world.outcomes()).map(({ key, outcome }) => `${key} ${outcome}`);
  expect(ended.sort()).toEqual(said.map(({ key }) => `${key} created`).sort());
  expect((await world.parked()).size).toBe(0);
}

/** Faults that never struck: they prove nothing. */
async function silent(): Promise<readonly unknown[]> {
  const { json } = await world.org.raw.admin("GET", "faults");
  return (json.rules as { hits: number }[]).filter(({ hits }) => hits === 0);
}

test("throttled, cut off, turned away and signed out, and killed twice at work, nothing is lost, doubled or refused", async () => {
  await world.org.faults(...faults);
  const said: Said[] = [];
  for (const fault of ["loader.sent:kill@4", "loader.settled:kill@5", ""]) {
    const some = records(fault || "last", 400);
    said.push(...some);
    await world.say(...some);
    const child = world.spawn(fault, { settings: { maxAttempts: 50 } });
    if (fault !== "") {
      expect(await exitOf(child), fault).toBe("SIGKILL");
      continue;
    }
    await expectWhole(said);
    expect(await silent()).toEqual([]);
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
  }
});
