import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

async function token(
  form: Record<string, string>,
): Promise<{ status: number; json: Answer["json"] }> {
  const url = `${org.ready.http}/services/oauth2/token`;
  const reply = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
  return { status: reply.status, json: await reply.json() };
}

function client(): { client_id: string; client_secret: string } {
  return { client_id: org.ready.client_id, client_secret: org.ready.client_secret };
}

const bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const seconds = (): number => Math.floor(Date.now() / 1_000);

function assertion(claims: object = {}, key = readFileSync(org.ready.jwt_key_file ?? "")): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = {
    iss: org.ready.client_id,
    sub: org.ready.user,
    aud: "https://login.salesforce.com",
    exp: seconds() + 60,
    ...claims,
  };
  const text = `${part({ alg: "RS256" })}.${part(body)}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

async function withToken(access_token: string, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${access_token}` };
  return fetch(`${org.ready.http}${path}`, { headers });
}

test("an assertion signed with the key of the ready line signs its subject in, `exp` as text or a little late", async () => {
  for (const exp of [seconds() + 60, String(seconds() + 60), seconds() - 100]) {
    const { status, json } = await token({ grant_type: bearer, assertion: assertion({ exp }) });
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: "Bearer", instance_url: org.ready.http });
    expect(Object.keys(json)).not.toContain("refresh_token");
    expect(Object.keys(json)).not.toContain("issued_at");
    expect(Object.keys(json)).not.toContain("signature");
    expect(json.access_token.split(".")).toHaveLength(1);
    expect((await withToken(json.access_token, "/services/oauth2/userinfo")).status).toBe(200);
  }
});

test("a foreign key, an old assertion, another audience and an unknown user are invalid_grant", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const refused = async (text: string): Promise<string> => {
    const { status, json } = await token({ grant_type: bearer, assertion: text });
    expect({ status, error: json.error }).toEqual({ status: 400, error: "invalid_grant" });
    return json.error_description;
  };
  expect(await refused(assertion({}, Buffer.from(privateKey)))).toBe("invalid assertion");
  expect(await refused("no.assertion")).toBe("invalid assertion");
  expect(await refused(assertion({ exp: seconds() - 3_600 }))).toBe("expired assertion");
  expect(await refused(assertion({ aud: "https://elsewhere.example" }))).toBe(
    "audience is invalid",
  );
  expect(await refused(assertion({ sub: "nobody@q.example" }))).toBe(
    "user hasn't approved this consumer",
  );
  const other = await token({ grant_type: bearer, assertion: assertion({ iss: "other" }) });
  expect(other.json.error).toBe("invalid_client_id");
});

test("a certificate registered over the admin port replaces the one made at the start", async () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = pair.publicKey.export({ type: "spki", format: "pem" });
  const own = pair.privateKey.export({ type: "pkcs8", format: "pem" });
  expect((await org.admin("POST", "certificate", { pem: "none" })).status).toBe(400);
  expect((await org.admin("POST", "certificate", { pem })).status).toBe(200);
  expect((await token({ grant_type: bearer, assertion: assertion() })).status).toBe(400);
  const signed = assertion({}, Buffer.from(own));
  expect((await token({ grant_type: bearer, assertion: signed })).status).toBe(200);
});

test("the security token may follow the password, and an inactive user is refused by name", async () => {
  const { user: username, password, security_token } = org.ready;
  const grant = { grant_type: "password", ...client(), username };
  expect((await token({ ...grant, password: password + security_token })).status).toBe(200);
  const users = [{ email: "gone@q.example", active: false, password: "pass" }];
  await org.admin("POST", "users", { users });
  const gone = { ...grant, username: "gone@q.example", password: "pass" };
  expect((await token(gone)).json.error).toBe("inactive_user");
});

test("a code buys a refresh token once, which buys sessions until it is revoked, and they end with it", async () => {
  const redirect_uri = "http://127.0.0.1:1/back";
  const code_verifier = "a-verifier-of-the-client";
  const challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: org.ready.client_id,
    redirect_uri,
    code_challenge: challenge,
    state: "s",
  });
  const url = `${org.ready.http}/services/oauth2/authorize?${query.toString()}`;
  const back = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
  expect(back.searchParams.get("state")).toBe("s");
  const code = back.searchParams.get("code") ?? "";
  const redeem = {
    grant_type: "authorization_code",
    code,
    redirect_uri,
    code_verifier,
    ...client(),
  };
  const bought = await token(redeem);
  expect(bought).toMatchObject({ status: 200, json: { refresh_token: expect.any(String) } });
  expect((await token(redeem)).json.error).toBe("invalid_grant");
  const { refresh_token } = bought.json;
  // A public client has no secret; the reply brings no new refresh token.
  const again = { grant_type: "refresh_token", client_id: org.ready.client_id, refresh_token };
  const refreshed = await token(again);
  expect(refreshed.status).toBe(200);
  expect(refreshed.json.refresh_token).toBeUndefined();
  const revoke = new URLSearchParams({ token: refresh_token });
  await fetch(`${org.ready.http}/services/oauth2/revoke`, { method: "POST", body: revoke });
  expect((await token(again)).json).toMatchObject({ error: "invalid_grant" });
  expect((await withToken(refreshed.json.access_token, "/services/data/v59.0/limits")).status).toBe(
    401,
  );
});

test("a wrong grant, a missing one and a wrong client are told apart", async () => {
  expect((await token({ ...client(), grant_type: "magic" })).json.error).toBe(
    "unsupported_grant_type",
  );
  expect((await token(client())).json.error).toBe("invalid_request");
  const wrong = { grant_type: "client_credentials", client_id: "x", client_secret: "y" };
  expect((await token(wrong)).json.error).toBe("invalid_client_id");
});

test("userinfo and identity tell the user, and each URL in them begins with the caller's host", async () => {
  const info = await org.call("GET", "/services/oauth2/userinfo");
  expect(info.json).toMatchObject({
    preferred_username: org.ready.user,
    organization_id: expect.stringMatching(/^00D\w{15}$/),
    active: true,
    urls: { rest: `${org.ready.http}/services/data/v{version}/` },
  });
  const path = new URL(info.json.sub).pathname;
  const identity = await fetch(`${org.ready.http}${path}?format=json&oauth_token=${org.token}`);
  expect(await identity.json()).toMatchObject({
    user_id: info.json.user_id,
    username: org.ready.user,
    asserted_user: true,
    urls: { metadata: expect.stringContaining(`${org.ready.http}/services/Soap/m/{version}/`) },
  });
  const nobody = await org.call("GET", `${path.slice(0, -18)}005000000000000AAA`);
  expect({ status: nobody.status, text: nobody.text }).toEqual({ status: 404, text: "Bad_Id" });
});
