import { readFileSync } from "node:fs";
import { Agent, fetch as fetchWith } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

function token(
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(`${org.ready.http}/services/oauth2/token`, { method: "POST", body, headers });
}

test("client credentials in the form buy a token, and instance_url and id echo the host that was called", async () => {
  const { client_id, client_secret, http } = org.ready;
  const reply = await token({ grant_type: "client_credentials", client_id, client_secret });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({
    access_token: expect.stringMatching(/^00D\w{12}!/),
    instance_url: http,
    id: expect.stringMatching(new RegExp(`^${http}/id/00D\\w{15}/005\\w{15}$`)),
    token_type: "Bearer",
    issued_at: expect.stringMatching(/^\d+$/),
  });
});

test("client credentials may come by HTTP Basic", async () => {
  const { client_id, client_secret } = org.ready;
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const reply = await token(
    { grant_type: "client_credentials" },
    { authorization: `Basic ${basic}` },
  );
  expect(reply.status).toBe(200);
});

test("a wrong secret is refused with 400 invalid_client", async () => {
  const { client_id } = org.ready;
  const reply = await token({ grant_type: "client_credentials", client_id, client_secret: "no" });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ error: "invalid_client" });
});

test("username and password sign in, a wrong password is invalid_grant", async () => {
  const { client_id, client_secret, user: username, password } = org.ready;
  const form = { grant_type: "password", client_id, client_secret, username };
  expect((await token({ ...form, password })).status).toBe(200);
  const wrong = await token({ ...form, password: "no" });
  expect(await wrong.json()).toMatchObject({ error: "invalid_grant" });
});

test("https serves the same org under its own host", async () => {
  const dispatcher = new Agent({ connect: { ca: readFileSync(org.ready.ca_file) } });
  const headers = { authorization: `Bearer ${org.token}` };
  const url = `${org.ready.https}/services/oauth2/userinfo`;
  const reply = await fetchWith(url, { dispatcher, headers });
  expect(await reply.json()).toMatchObject({ sub: expect.stringContaining(org.ready.https) });
  await dispatcher.close();
});

test("an ended session is answered 401 with an array that names INVALID_SESSION_ID", async () => {
  await org.admin("POST", "faults", {
    rules: [{ match: { path: "/limits", count: 1 }, action: { kind: "expire_session" } }],
  });
  const reply = await org.rest("GET", "/limits");
  expect(reply.status).toBe(401);
  expect(reply.json).toEqual([
    { message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" },
  ]);
  expect((await org.rest("GET", "/limits")).status).toBe(401);
  await org.signIn();
  expect((await org.rest("GET", "/limits")).status).toBe(200);
});

test("a session ends when it was idle for the org's session time", async () => {
  await org.admin("POST", "clock", { advance_ms: 2 * 3_600_000 + 1_000 });
  expect((await org.rest("GET", "/limits")).status).toBe(401);
  await org.signIn();
});

test("a revoked token is worth nothing, and revoking it again is answered form-encoded", async () => {
  const revoke = (): Promise<Response> =>
    fetch(`${org.ready.http}/services/oauth2/revoke`, {
      method: "POST",
      body: new URLSearchParams({ token: org.token }),
    });
  expect((await revoke()).status).toBe(200);
  const again = await revoke();
  expect(again.status).toBe(400);
  expect(await again.text()).toContain("error=invalid_token");
  await org.signIn();
});
