import { afterEach, beforeEach, expect, test } from "vitest";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

let environment: SimulatedEnvironment;
beforeEach(async () => {
  environment = await simulatedEnvironment();
});
afterEach(() => environment.close());

const windowSeconds = 3;
const read = { api: "query", method: "GET", path: "accounts?$select=name&$top=1" } as const;
/** Each call uses twenty of the window's 1200 seconds: 60 calls fill it. */
const dear = { execution: { requestMs: 20_000, singleMs: 0 } };
const limited = (limits: object) =>
  environment.raw.admin("POST", "settings", { limits: { windowSeconds, ...limits }, ...dear });

/** Sends calls as fast as they are let, `atOnce` at a time. */
async function sent(count: number, atOnce: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

test("somebody who knows nothing of limits is refused (control)", async () => {
  await limited({});
  const statuses = new Set<number>();
  await sent(100, 8, async () => {
    statuses.add((await environment.raw.call("GET", read.path)).status);
  });
  expect(statuses).toContain(429);
});

test.each([1, 3])("a limit of time is used up and never met, on %s servers", async (servers) => {
  await limited({ servers });
  const client = await environment.client({ windowSeconds });
  await sent(120 * servers, 30, () => client.call(read));
  expect(await environment.calls("query", "429")).toBe(0);
  expect(await environment.calls("query", "200")).toBe(120 * servers);
});

test("several users have so much more", async () => {
  await limited({});
  const [own] = environment.options().users;
  const users = [own, await environment.user(), await environment.user()] as const;
  const client = await environment.client({ windowSeconds, users });
  await sent(90, 12, () => client.call(read));
  expect(await environment.calls("query", "429")).toBe(0);
  expect(await environment.waitedSeconds()).toBe(0);
});

test("a storm of refusals with growing waits is outlived, and every call is done", async () => {
  const client = await environment.client();
  await environment.raw.admin("POST", "faults", {
    faults: [{ kind: "throttle", share: 0.3, count: 5, limit: "execution", seconds: 1 }],
  });
  await sent(40, 10, () =>
    client.call({ api: "create", method: "POST", path: "accounts", body: "{}", write: true }),
  );
  const { json } = await environment.raw.call("GET", "accounts?$select=name");
  expect(json.value.length).toBe(40);
  expect(await environment.calls("create", "204")).toBe(40);
});

test("never more calls are under way than the service takes", async () => {
  await environment.raw.admin("POST", "faults", { faults: [{ kind: "delay", ms: 20 }] });
  const client = await environment.client();
  expect(client.parallel).toBe(4);
  await sent(600, 200, () => client.call(read));
  expect(await environment.calls("query", "429")).toBe(0);
  expect(client.parallel).toBeGreaterThan(4);
  expect(client.parallel).toBeLessThan(52);
});
