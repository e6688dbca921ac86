import { expect, test } from "vitest";
import { aTenant, bearerOf } from "./tenant.ts";

test("a token comes for client credentials, by form or Basic, and lives 15 minutes of the simulator's clock", async () => {
  const tenant = await aTenant();
  const { http, client_id: id, client_secret: secret } = tenant.ready;
  const reply = await fetch(`${http}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  expect(await reply.json()).toMatchObject({ token_type: "Bearer", expires_in: 900 });
  expect((await tenant.get("/zones/1001")).status).toBe(200);
  await tenant.admin("clock", { advance_ms: 900_001 });
  expect((await tenant.get("/zones/1001")).status).toBe(401);
});

test("a wrong secret is a 401 with a JSON error and shows nothing of the secret", async () => {
  const { ready } = await aTenant();
  const form = { grant_type: "client_credentials", client_id: ready.client_id };
  const body = new URLSearchParams({ ...form, client_secret: "guessed" });
  const reply = await fetch(`${ready.http}/oauth/token`, { method: "POST", body });
  expect(reply.status).toBe(401);
  const text = await reply.text();
  expect(JSON.parse(text)).toMatchObject({ error: "invalid_client" });
  expect(text).not.toMatch(/guessed/);
});

test("a token without a scope is refused with 403 for that scope's paths only", async () => {
  const { ready } = await aTenant();
  const authorization = `Bearer ${await bearerOf(ready, "customers:read")}`;
  const status = async (path: string): Promise<number> =>
    (await fetch(ready.http + path, { headers: { authorization } })).status;
  for (const path of ["customers", "locations", "contacts"])
    expect(await status(`/export/${path}`)).toBe(200);
  for (const path of ["jobs", "users", "zones", "technicians"])
    expect(await status(`/export/${path}`)).toBe(403);
  expect((await fetch(`${ready.http}/jobs/1001`)).status).toBe(401);
});

test("one request more than the window holds is a 429 that says when to come again", async () => {
  const tenant = await aTenant();
  await tenant.admin("settings", { rate_limit: { count: 5, interval_ms: 3_600_000 } });
  let reply = await tenant.get("/zones/1001");
  expect(reply.headers.get("x-ratelimit-limit")).toBe("5");
  while (reply.status === 200) {
    expect(Number(reply.headers.get("x-ratelimit-remaining"))).toBeGreaterThanOrEqual(0);
    reply = await tenant.get("/zones/1001");
  }
  expect(reply.status).toBe(429);
  const wait = Number(reply.headers.get("retry-after"));
  expect(wait).toBeGreaterThan(0);
  await tenant.admin("clock", { advance_ms: wait * 1_000 });
  expect((await tenant.get("/oauth/none")).status).toBe(404);
});
