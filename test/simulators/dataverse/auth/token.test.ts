import { Agent, fetch as fetchOver } from "undici";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const user = async (
  more: object,
): Promise<{ id: string; client_id: string; client_secret: string }> => {
  const { json } = await client.admin("POST", "users", { users: [more] });
  return json.users[0];
};

const tokenFor = async (application: {
  client_id: string;
  client_secret: string;
}): Promise<string> => {
  const { client_id, client_secret } = application;
  return (await client.askToken({ client_id, client_secret })).json.access_token;
};

test("a token request is answered in the shape of its version", async () => {
  const v2 = await client.askToken({ client_info: "1", scope: `${client.ready.http}//.default` });
  expect(v2.json).toMatchObject({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
  const v1 = await client.askToken({ resource: client.ready.http }, "/common/oauth2/token");
  expect(v1.json).toMatchObject({ expires_in: "3599", resource: client.ready.http });
  expect(Number(v1.json.expires_on)).toBe(Number(v1.json.not_before) + 3599);
});

test.each([
  [{ client_secret: "wrong" }, 401, "invalid_client", 7000215],
  [{ client_id: "00000000-0000-0000-0000-000000000000" }, 400, "unauthorized_client", 700016],
  [{ scope: "nonsense" }, 400, "invalid_scope", 70011],
  [{ scope: "https://other.crm.dynamics.com/.default" }, 400, "invalid_resource", 500011],
  [{ client_id: "" }, 400, "invalid_request", 900144],
])(
  "a wrong token request %o is refused as Entra refuses it",
  async (fields, status, error, code) => {
    const { json, ...reply } = await client.askToken(fields);
    expect(reply.status).toBe(status);
    expect(json).toMatchObject({ error, error_codes: [code] });
    expect(json.error_description).toMatch(
      new RegExp(`^AADSTS${code}: .*Trace ID: .* Correlation ID: .* Timestamp: `),
    );
  },
);

test("discovery over https names the token endpoint of the same host, and the certificate is the authority's", async () => {
  const dispatcher = new Agent({ connect: { ca: readFileSync(client.ready.ca_file) } });
  const { https, tenant } = client.ready;
  const reply = await fetchOver(`${https}/${tenant}/v2.0/.well-known/openid-configuration`, {
    dispatcher,
  });
  expect(await reply.json()).toMatchObject({
    token_endpoint: `${https}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: expect.stringContaining(https),
    jwks_uri: expect.stringContaining(https),
  });
  await dispatcher.close();
});

test("without a living token the answer is 401 with an empty body and a challenge", async () => {
  const reply = await client.call("GET", "WhoAmI", undefined, { authorization: "Bearer nobody" });
  expect([reply.status, reply.text]).toEqual([401, ""]);
  expect(reply.headers.get("www-authenticate")).toContain("authorization_uri=");
});

test("WhoAmI answers with and without brackets, and only to GET", async () => {
  const plain = await client.call("GET", "WhoAmI");
  const bracketed = await client.call("GET", "WhoAmI()");
  expect(plain.json).toEqual(bracketed.json);
  expect(plain.headers.get("x-ms-dop-hint")).toBe("4");
  const posted = await client.call("POST", "WhoAmI", {});
  expect([posted.status, posted.json.error.code]).toEqual([404, ""]);
});

test("a token dies with the clock, and a fault plan ends one in the middle", async () => {
  await client.admin("POST", "settings", { tokenSeconds: 60 });
  const { json } = await client.askToken({});
  const authorization = `Bearer ${json.access_token}`;
  expect((await client.call("GET", "WhoAmI", undefined, { authorization })).status).toBe(200);
  await client.admin("POST", "clock", { advance_ms: 61_000 });
  expect((await client.call("GET", "WhoAmI", undefined, { authorization })).status).toBe(401);
  await client.admin("POST", "settings", { tokenSeconds: 3599 });
  await client.signIn();
  await client.admin("POST", "faults", {
    faults: [{ kind: "expire_token", on: "WhoAmI", nth: 2 }],
  });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++) statuses.push((await client.call("GET", "WhoAmI")).status);
  expect(statuses).toEqual([200, 401, 401]);
  await client.admin("DELETE", "faults");
  await client.signIn();
});

test("an application without a user, a disabled one and one without a role are told apart", async () => {
  const codeOf = async (more: object): Promise<unknown[]> => {
    const application = await user({
      email: `${Object.keys(more).join("")}@x.example`,
      application: true,
      ...more,
    });
    const authorization = `Bearer ${await tokenFor(application)}`;
    const reply = await client.call("GET", "WhoAmI", undefined, { authorization });
    return [reply.status, reply.json.error?.code];
  };
  expect(await codeOf({ roles: true })).toEqual([200, undefined]);
  expect(await codeOf({ active: false })).toEqual([403, "0x80040225"]);
  expect(await codeOf({ roles: false })).toEqual([403, "0x80042f09"]);
});

test("a row created for somebody else is theirs, and says on whose behalf", async () => {
  const { id } = await user({ email: "tech@x.example", name: "Tech" });
  const me = (await client.call("GET", "WhoAmI")).json.UserId;
  const made = await client.create("accounts", { name: "impersonated" }, { mscrmcallerid: id });
  const { json } = await client.call("GET", `accounts(${made})`);
  expect(json).toMatchObject({
    _createdby_value: id,
    _ownerid_value: id,
    _createdonbehalfby_value: me,
  });
  await client.admin("POST", "settings", { missingPrivileges: ["prvActOnBehalfOfAnotherUser"] });
  const refused = await client.call("POST", "accounts", { name: "x" }, { mscrmcallerid: id });
  expect([refused.status, refused.json.error.code]).toEqual([403, "0x80040220"]);
  await client.admin("POST", "settings", { missingPrivileges: [] });
});

test("a privilege is missed by whoever lacks it, also when they act for somebody who has it", async () => {
  const lesser = await user({
    email: "lesser@x.example",
    application: true,
    missingPrivileges: ["prvCreateAccount"],
  });
  const authorization = `Bearer ${await tokenFor(lesser)}`;
  const me = (await client.call("GET", "WhoAmI")).json.UserId;
  const post = async (set: string, more: Record<string, string>): Promise<unknown[]> => {
    const { status, json } = await client.call("POST", set, { description: "x" }, more);
    return [status, json?.error?.code];
  };
  expect(await post("accounts", {})).toEqual([204, undefined]);
  expect(await post("accounts", { authorization })).toEqual([403, "0x80040220"]);
  expect(await post("contacts", { authorization })).toEqual([204, undefined]);
  expect(await post("accounts", { authorization, mscrmcallerid: me })).toEqual([403, "0x80040220"]);
  expect(await post("accounts", { mscrmcallerid: lesser.id })).toEqual([403, "0x80040220"]);
});
