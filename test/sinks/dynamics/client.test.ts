import { afterEach, beforeEach, expect, test } from "vitest";
import { Secret } from "../../../pipeline/stage/secret.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

let environment: SimulatedEnvironment;
beforeEach(async () => {
  environment = await simulatedEnvironment();
});
afterEach(() => environment.close());

const read = { api: "query", method: "GET", path: "accounts?$select=name&$top=1" } as const;
const write = {
  api: "create",
  method: "POST",
  path: "accounts",
  body: '{"name":"Acme"}',
  write: true,
} as const;
const faults = (...list: object[]) => environment.raw.admin("POST", "faults", { faults: list });
const accounts = async (): Promise<number> =>
  (await environment.raw.call("GET", "accounts?$select=name")).json.value.length;

test("a call is answered, counted by its kind and status, and tells the service's time", async () => {
  const client = await environment.client();
  expect(JSON.parse((await client.call(read)).body)).toMatchObject({ value: [] });
  expect(await environment.calls("query", "200")).toBe(1);
  expect(Math.abs(client.serverTime - Date.now())).toBeLessThan(60_000);
  expect(client.userId).toMatch(/^[0-9a-f-]{36}$/);
});

test("a token that ends under way is renewed, once for all, and the call is sent again", async () => {
  const client = await environment.client();
  await faults({ kind: "expire_token", count: 1 });
  await client.call(write);
  await Promise.all([client.call(read), client.call(read), client.call(read)]);
  expect(await environment.calls("create", "401")).toBe(1);
  expect(await environment.calls("token", "200")).toBe(2);
  expect(await accounts()).toBe(1);
});

test("a token grows old and is renewed before the service refuses it", async () => {
  await environment.raw.admin("POST", "settings", { tokenSeconds: 1 });
  const client = await environment.client();
  await expect
    .poll(async () => {
      await client.call(read);
      return environment.calls("token", "200");
    })
    .toBeGreaterThan(1);
  expect(await environment.calls("query", "401")).toBe(0);
});

test("a wrong secret is refused by name and number, and shown nowhere", async () => {
  const secret = "not-the-right-one";
  const users = [{ clientId: environment.raw.ready.client_id, clientSecret: new Secret(secret) }];
  const refused = await environment.client({ users: users as never }).catch((error) => error);
  expect(refused).toMatchObject({ code: "SINK_AUTH_REFUSED" });
  expect(refused.message).toContain("invalid_client, AADSTS7000215");
  expect(JSON.stringify([refused.message, refused.cause, refused.stack])).not.toContain(secret);
});

test.each([
  ["http://example.crm.dynamics.com", undefined],
  ["https://crm.dynamics.com.example", undefined],
  ["https://example.crm.dynamics.com", "https://example.com/token"],
])("records and secrets do not go to %s with a token of %s", async (url, tokenUrl) => {
  const own = { url, ...(tokenUrl === undefined ? {} : { tokenUrl }) };
  await expect(environment.client(own)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("this machine is no address of the service unless it is allowed", async () => {
  await expect(environment.client({ allowLoopback: false })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test("a next page that lies elsewhere is not read", async () => {
  const client = await environment.client();
  const away = client.call({ ...read, path: "http://127.0.0.1:9/api/data/v9.2/accounts" });
  await expect(away).rejects.toMatchObject({ code: "SINK_SYSTEM_UNKNOWN" });
});

test("what is throttled waits as the service says, and is done once", async () => {
  const client = await environment.client();
  await faults({ kind: "throttle", count: 2, limit: "requests", seconds: 1 });
  const begun = performance.now();
  await client.call(write);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(1000);
  expect(await environment.calls("create", "429")).toBe(2);
  expect(await environment.waitedSeconds()).toBeGreaterThanOrEqual(1);
  expect(await accounts()).toBe(1);
});

test("one refusal holds back all calls of its user, and none of another's", async () => {
  const other = await environment.user();
  const [own] = environment.options().users;
  const client = await environment.client({ users: [own, other] });
  const lanes = ["a", "b"];
  await client.call({ ...read, lane: lanes[0] as string });
  await faults({ kind: "throttle", count: 1, seconds: 2 });
  const order: string[] = [];
  const sent = (lane: string, name: string) =>
    client.call({ ...read, lane }).then(() => order.push(name));
  const first = sent("a", "refused");
  await expect.poll(() => environment.calls("query", "429")).toBe(1);
  await Promise.all([first, sent("a", "held back"), sent("b", "free")]);
  expect(order[0]).toBe("free");
  expect(await environment.calls("query", "429")).toBe(1);
});

test("a service that throttles for ever is given up, and says so", async () => {
  const client = await environment.client({ throttledMs: 1500 });
  await faults({ kind: "throttle", seconds: 1 });
  await expect(client.call(write)).rejects.toMatchObject({ code: "SINK_THROTTLED" });
});

test("a customization lock concerns its call alone and is waited out", async () => {
  const client = await environment.client();
  const body = { code: "0x80071151", message: "Another publish is running." };
  await faults({ kind: "status", status: 429, body: JSON.stringify({ error: body }), count: 1 });
  await client.call({ ...write, api: "metadata" });
  expect(await environment.calls("metadata", "429")).toBe(1);
  expect(await accounts()).toBe(1);
});

test("a read survives an outage, a page of the gateway and a lost reply", async () => {
  const client = await environment.client();
  await faults(
    { kind: "status", status: 503, body: "<html>Service Unavailable</html>", count: 1 },
    { kind: "drop_before", count: 1 },
  );
  expect((await client.call(read)).status).toBe(200);
});

test("a write whose reply is lost is not sent again: its fate is asked for", async () => {
  const client = await environment.client();
  await faults({ kind: "drop_after", count: 1 });
  await expect(client.call(write)).rejects.toMatchObject({ code: "SINK_REPLY_LOST" });
  expect(await accounts()).toBe(1);
});

test("a gateway's page leaves a write open even where the status is an answer", async () => {
  const client = await environment.client();
  await faults({ kind: "status", status: 500, body: "<html>Oops</html>", count: 1 });
  const lost = client.call({ ...write, accept: [500] });
  await expect(lost).rejects.toMatchObject({ code: "SINK_REPLY_LOST" });
});

test("an answer that is awaited is returned, any other refusal is thrown with a remedy", async () => {
  const client = await environment.client();
  const unknown = { ...read, path: "accounts?$select=nothing" };
  expect((await client.call({ ...unknown, accept: [400] })).status).toBe(400);
  await expect(client.call(unknown)).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" });
  await expect(client.call({ ...read, path: "nowhere" })).rejects.toThrow(/Create what is missing/);
});

test("calls are done for the user they name", async () => {
  const client = await environment.client();
  const { json } = await environment.raw.admin("POST", "users", {
    users: [{ email: "anna@x.example" }],
  });
  await client.call({ ...write, user: json.ids[0] });
  const rows = await environment.raw.call("GET", "accounts?$select=_createdby_value");
  expect(rows.json.value[0]._createdby_value).toBe(json.ids[0]);
});
