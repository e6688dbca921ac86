import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

test("versions are listed without a session, oldest first, from 31 to 67", async () => {
  const reply = await fetch(`${org.ready.http}/services/data`);
  const list = (await reply.json()) as { version: string; label: string; url: string }[];
  expect(list.at(0)).toEqual({ label: "Summer '14", url: "/services/data/v31.0", version: "31.0" });
  expect(list.find((one) => one.version === "59.0")?.label).toBe("Winter '24");
  expect(list.at(-1)?.version).toBe("67.0");
});

test("repeated slashes in front and one behind an address change nothing", async () => {
  expect((await org.call("GET", "//services/data/v59.0/limits/")).status).toBe(200);
});

test("each call counts one, in the header as in the limits", async () => {
  const used = (header: string | null): number =>
    Number(/api-usage=(\d+)\//.exec(header ?? "")?.[1]);
  const first = await org.rest("GET", "/limits");
  const second = await org.rest("GET", "/limits");
  const before = used(first.headers.get("sforce-limit-info"));
  expect(used(second.headers.get("sforce-limit-info"))).toBe(before + 1);
  const { Max, Remaining } = second.json.DailyApiRequests;
  expect(Max - Remaining).toBe(before + 1);
  expect(second.json).toHaveProperty("DailyBulkApiBatches.Remaining", 15_000);
});

test("above the day's calls every call is refused with 403, and a day later they are back", async () => {
  await org.admin("POST", "settings", { limits: { DailyApiRequests: 1 } });
  const refused = await org.rest("GET", "/limits");
  expect(refused.status).toBe(403);
  expect(refused.json[0].errorCode).toBe("REQUEST_LIMIT_EXCEEDED");
  await org.admin("POST", "clock", { advance_ms: 25 * 3_600_000 });
  await org.signIn();
  expect((await org.rest("GET", "/limits")).status).toBe(200);
  await org.admin("POST", "settings", { limits: { DailyApiRequests: 100_000 } });
});

test("describe says what the sink relies on", async () => {
  const { json } = await org.rest("GET", "/sobjects/case/describe");
  expect(json).toMatchObject({ name: "Case", keyPrefix: "500", custom: false });
  const field = (name: string): Answer["json"] =>
    json.fields.find((one: { name: string }) => one.name === name);
  expect(Object.keys(field("Subject"))).toHaveLength(57);
  expect(field("Source_Key__c")).toMatchObject({
    type: "string",
    length: 100,
    externalId: true,
    unique: true,
    caseSensitive: false,
    idLookup: true,
    createable: true,
  });
  expect(field("OwnerId")).toMatchObject({
    referenceTo: ["Group", "User"],
    polymorphicForeignKey: true,
  });
  expect(field("Status")).toMatchObject({ restrictedPicklist: false, defaultedOnCreate: true });
  expect(field("Work_Order_Status__c")).toMatchObject({ restrictedPicklist: true });
  expect(field("Total__c")).toMatchObject({ type: "currency", precision: 18, scale: 2 });
  expect(field("CaseNumber")).toMatchObject({ autoNumber: true, createable: false });
  expect(field("ClosedDate")).toMatchObject({ createable: false, updateable: false });
  expect(field("Description")).toMatchObject({ filterable: false, length: 32_000 });
  expect(json.childRelationships).toContainEqual(
    expect.objectContaining({ childSObject: "Work_Order_Line_Item__c", restrictedDelete: true }),
  );
});

test("the audit stamps are createable only while the permission is on", async () => {
  const createable = async (): Promise<boolean> => {
    const { json } = await org.rest("GET", "/sobjects/Account/describe");
    return json.fields.find((one: { name: string }) => one.name === "CreatedDate").createable;
  };
  expect(await createable()).toBe(true);
  await org.admin("POST", "settings", { auditFields: false });
  expect(await createable()).toBe(false);
  await org.admin("POST", "settings", { auditFields: true });
});

test("an object or address that is not there is 404, a wrong method 405", async () => {
  expect((await org.rest("GET", "/sobjects/Nothing__c/describe")).json[0].errorCode).toBe(
    "NOT_FOUND",
  );
  expect((await org.rest("GET", "/nowhere")).status).toBe(404);
  expect((await org.rest("PUT", "/limits", {})).status).toBe(405);
});

test("a resource is not there before the version it came with, and a body of another type is 415", async () => {
  const ask = async (version: number, path: string, method = "GET"): Promise<number> => {
    const body = method === "GET" ? undefined : {};
    return (await org.call(method, `/services/data/v${version}.0${path}`, body)).status;
  };
  expect(await ask(40, "/jobs/ingest")).toBe(404);
  expect(await ask(41, "/jobs/ingest")).toBe(200);
  expect(await ask(41, "/composite/sobjects", "POST")).toBe(404);
  expect(await ask(42, "/composite/sobjects", "POST")).toBe(400);
  expect(await ask(46, "/jobs/query", "POST")).toBe(404);
  expect(await ask(47, "/jobs/query", "POST")).toBe(400);
  const type = { "content-type": "text/plain" };
  const text = await org.rest("POST", "/sobjects/Account", { Name: "A" }, type);
  expect({ status: text.status, code: text.json[0].errorCode }).toEqual({
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
  });
});

test("a restart keeps rows, schema, secrets and sessions, and the digest with them", async () => {
  await org.rest("POST", "/sobjects/Account", { Name: "Acme", Source_Key__c: "customer-1" });
  const before = await org.admin("GET", "digest");
  const secret = org.ready.client_secret;
  await org.restart();
  expect((await org.admin("GET", "digest")).json).toEqual(before.json);
  expect(before.json.objects.Account.rows).toBe(1);
  expect(org.ready.client_secret).toBe(secret);
  const found = await org.query("SELECT Name FROM Account WHERE Source_Key__c = 'CUSTOMER-1'");
  expect(found.json.records[0].Name).toBe("Acme");
});

test("the digest tells apart what differs and forgets the order of arrival", async () => {
  const digest = async (): Promise<string> => (await org.admin("GET", "digest")).json.digest;
  const before = await digest();
  const { json } = await org.rest("POST", "/sobjects/Account", { Name: "B", Source_Key__c: "b" });
  const between = await digest();
  expect(between).not.toBe(before);
  await org.rest("DELETE", `/sobjects/Account/${json.id}`);
  expect(await digest()).toBe(before);
  await org.rest("POST", "/sobjects/Account", { Name: "B", Source_Key__c: "b" });
  expect(await digest()).toBe(between);
});
