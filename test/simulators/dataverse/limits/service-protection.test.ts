import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type Answer,
  type EnvironmentClient,
  openEnvironmentClient,
} from "../environment-client.ts";

let client: EnvironmentClient;
beforeEach(async () => {
  client = await openEnvironmentClient();
});
afterEach(() => client.close());

const set = (limits: object, execution: object = {}): Promise<Answer> =>
  client.admin("POST", "settings", { limits, execution });
const ask = (headers: Record<string, string> = {}): Promise<Answer> =>
  client.call("GET", "WhoAmI", undefined, headers);
const refusal = ({ status, json, headers }: Answer): unknown[] => [
  status,
  json.error?.code,
  Number(headers.get("retry-after")),
];

test("the request limit refuses until the window has moved on, and says how long that is", async () => {
  await set({ requests: 3 });
  await ask();
  await client.admin("POST", "clock", { advance_ms: 100_000 });
  const answers = [await ask(), await ask()];
  expect(
    answers.map((one) => one.headers.get("x-ms-ratelimit-burst-remaining-xrm-requests")),
  ).toEqual(["1", "0"]);
  const refused = await ask();
  expect(refused.json.error.message).toBe(
    "Number of requests exceeded the limit of 3 over time window of 300 seconds.",
  );
  const [status, code, wait] = refusal(refused);
  expect([status, code]).toEqual([429, "0x80072322"]);
  expect(wait).toBeGreaterThan(195);
  expect(wait).toBeLessThanOrEqual(200);
  await client.admin("POST", "clock", { advance_ms: Number(wait) * 1_000 });
  expect((await ask()).status).toBe(200);
});

test("the wait grows while the caller keeps pushing, and nothing was executed", async () => {
  await set({ requests: 1, windowSeconds: 20 });
  await client.create("accounts", { name: "First" });
  const waits: number[] = [];
  for (let n = 0; n < 4; n++) {
    const refused = await client.call("POST", "accounts", { name: "Pushed" });
    waits.push(Number(refused.headers.get("retry-after")));
    await client.admin("POST", "clock", { advance_ms: 2_000 });
  }
  expect(waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0))).toBe(true);
  await client.admin("POST", "clock", { advance_ms: 300_000 });
  expect((await client.call("GET", "accounts/$count")).text).toBe("1");
});

test("execution time follows its model: so much a request, so much a row", async () => {
  await set({ executionMs: 1_000 }, { requestMs: 30, rowMs: 10, singleMs: 20 });
  await set({ executionMs: 1_000 });
  const Targets = Array.from({ length: 80 }, () => ({
    "@odata.type": "Microsoft.Dynamics.CRM.account",
    name: "T",
  }));
  await client.call("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", { Targets });
  const next = await client.create("accounts", { name: "One" });
  expect(next).toBeDefined();
  // 830 + 50 are used; the next bulk call overshoots, the one behind it is refused.
  const over = await client.call("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", {
    Targets,
  });
  expect([over.status, over.headers.get("x-ms-ratelimit-time-remaining-xrm-requests")]).toEqual([
    200,
    "0",
  ]);
  const refused = await ask();
  expect(refusal(refused).slice(0, 2)).toEqual([429, "0x80072321"]);
  expect(refused.json.error.message).toContain(
    "exceeded limit of 1,000 milliseconds over time window of 300 seconds.",
  );
});

test("requests that run at the same time are counted, and are no longer when they have ended", async () => {
  await set({ concurrent: 2 }, { real: true, requestMs: 300, singleMs: 0 });
  const answers = await Promise.all([ask(), ask(), ask(), ask()]);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.map((one) => one.json.error.code)).toEqual(["0x80072326", "0x80072326"]);
  expect((await ask()).status).toBe(200);
});

test("each user and each server has limits of its own; the cookie keeps to one", async () => {
  await set({ requests: 1, servers: 2 });
  const cookies = [await ask(), await ask()].map(
    (one) => one.headers.get("set-cookie")?.split(";")[0] ?? "",
  );
  expect([...cookies].sort()).toEqual(["ARRAffinity=server-0", "ARRAffinity=server-1"]);
  expect((await ask({ cookie: cookies[0] ?? "" })).status).toBe(429);
  const { json } = await client.admin("POST", "users", {
    users: [{ email: "second@x.example", application: true }],
  });
  const { client_id, client_secret } = json.users[0];
  const { access_token } = (await client.askToken({ client_id, client_secret })).json;
  expect(
    (await ask({ authorization: `Bearer ${access_token}`, cookie: cookies[0] ?? "" })).status,
  ).toBe(200);
});

test("a fault plan refuses with the limit it names, and the limits can be switched off", async () => {
  await client.admin("POST", "faults", {
    faults: [{ kind: "throttle", on: "POST .*accounts", count: 2, limit: "execution", seconds: 7 }],
  });
  const post = (): Promise<Answer> => client.call("POST", "accounts", { name: "A" });
  expect(refusal(await post())).toEqual([429, "0x80072321", 7]);
  await client.admin("DELETE", "faults");
  await set({ enforced: false, requests: 1 });
  expect([(await post()).status, (await post()).status]).toEqual([204, 204]);
});
