import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";
import { soapCall, type SoapAnswer } from "../soap-call.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

function login(version: string, password: string): Promise<SoapAnswer> {
  const body = `<login><username>${org.ready.user}</username><password>${password}</password></login>`;
  return soapCall(org, `u/${version}`, body);
}

test("a SOAP login gives a session, and every address in it begins with the caller's host", async () => {
  const reply = await login("59.0", org.ready.password + (org.ready.security_token ?? ""));
  expect(reply.status).toBe(200);
  // Clients cut the bare tags out of the text: attributes or prefixes would break them.
  const [sessionId = ""] = reply.all("sessionId");
  expect(reply.text).toContain(`<sessionId>${sessionId}</sessionId>`);
  expect(reply.text).toContain(`<serverUrl>${org.ready.http}/services/Soap/u/59.0/00D`);
  expect(reply.all("passwordExpired")).toEqual(["false"]);
  expect(reply.all("userName")).toEqual([org.ready.user]);
  const headers = { authorization: `Bearer ${sessionId}` };
  const url = `${org.ready.http}/services/data/v59.0/limits`;
  expect((await fetch(url, { headers })).status).toBe(200);
  expect((await soapCall(org, "u/59.0", "<logout/>", sessionId)).status).toBe(200);
  expect((await fetch(url, { headers })).status).toBe(401);
});

test("a wrong password is a 500 fault INVALID_LOGIN with the detail clients read", async () => {
  const reply = await login("59.0", "wrong");
  expect(reply.status).toBe(500);
  expect(reply.all("faultcode")).toEqual(["sf:INVALID_LOGIN"]);
  expect(reply.all("sf:exceptionCode")).toEqual(["INVALID_LOGIN"]);
  expect(reply.text).toContain('xmlns:sf="urn:fault.partner.soap.sforce.com"');
});

test("from version 65 on there is no SOAP login, and an ended session is sf:INVALID_SESSION_ID", async () => {
  expect((await login("64.0", org.ready.password)).status).toBe(200);
  const late = await login("65.0", org.ready.password);
  expect({ status: late.status, code: late.all("faultcode") }).toEqual({
    status: 500,
    code: ["sf:UNSUPPORTED_API_VERSION"],
  });
  for (const path of ["u/59.0", "m/59.0/"]) {
    const ended = await soapCall(org, path, "<describeMetadata/>", "00D000!nothing");
    expect(ended.status).toBe(500);
    expect(ended.text).toMatch(/<faultcode>sf:INVALID_SESSION_ID<\/faultcode>/);
  }
});

test("a document type is refused, and with it every entity it could bring", async () => {
  const reply = await fetch(`${org.ready.http}/services/Soap/u/59.0`, {
    method: "POST",
    headers: { "content-type": "text/xml" },
    body: '<!DOCTYPE x [<!ENTITY a "b">]><Envelope><Body><login/></Body></Envelope>',
  });
  expect(reply.status).toBe(500);
  expect(await reply.text()).toContain("DOCTYPE is not allowed");
});
