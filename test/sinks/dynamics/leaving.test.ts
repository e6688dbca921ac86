import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { SinkGroup } from "../../../sinks/sink.ts";
import { type Reading, reading } from "./reading.ts";
import { aRow, planOf, text } from "./writing.ts";

const account = planOf("account", [text("name")]);
let env: Reading;

beforeAll(async () => {
  env = await reading();
});
afterEach(() => env.raw.admin("DELETE", "faults"));
afterAll(() => env.close());

const rows = (of: string): SinkGroup => ({
  plan: account,
  operation: "insert",
  rows: Array.from({ length: 5 }, (_, n) => aRow(`customer-${of}-${n}`, { name: of })),
});
const there = async (of: string): Promise<number> => {
  const filter = encodeURIComponent(`name eq '${of}'`);
  return (await env.raw.call("GET", `accounts?$select=name&$filter=${filter}`)).json.value.length;
};
/** Every write is refused for a while that grows, until the faults are taken back. */
const storm = () =>
  env.raw.admin("POST", "faults", {
    faults: [{ kind: "throttle", on: "^POST .*Multiple", seconds: 1 }],
  });
const refusals = async () => {
  const all = await Promise.all(["create_multiple", "batch"].map((api) => env.calls(api, "429")));
  return all.reduce((sum, count) => sum + count, 0);
};

test("what waits in a storm of refusals does not leave once its sender may no longer write", async () => {
  await storm();
  let mayLeave = true;
  const sending = env.sink.send([rows("left")], () => mayLeave);
  const failed = sending.catch((error: unknown) => error);
  await expect.poll(refusals).toBeGreaterThan(0);
  mayLeave = false;
  expect(await failed).toMatchObject({ code: "SINK_UNAVAILABLE" });
  const tried = await refusals();
  await env.raw.admin("DELETE", "faults");
  // Somebody else's calls go on, through the same user's queue.
  expect((await env.sink.send([rows("other")])).size).toBe(5);
  expect([await there("other"), await there("left")]).toEqual([5, 0]);
  expect(await refusals()).toBe(tried);
});

test("what may leave is done when the storm is over (control)", async () => {
  const before = await refusals();
  await storm();
  const sending = env.sink.send([rows("stayed")], () => true);
  await expect.poll(refusals).toBeGreaterThan(before);
  await env.raw.admin("DELETE", "faults");
  expect((await sending).size).toBe(5);
  expect(await there("stayed")).toBe(5);
});
