import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Answer,
  type EnvironmentClient,
  openEnvironmentClient,
} from "../environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const representation = { prefer: "return=representation" };
const fresh = (): string => crypto.randomUUID();
const errorOf = ({ status, json }: Answer): unknown[] => [status, json?.error?.code];

test("a create is answered 204 with the new id, or 201 with the row", async () => {
  const silent = await client.call("POST", "accounts", { name: "A" });
  const address = silent.headers.get("odata-entityid");
  expect(silent.status).toBe(204);
  expect(address).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/,
  );
  expect(silent.headers.get("location")).toBe(address);
  const spoken = await client.call("POST", "accounts?$select=name", { name: "B" }, representation);
  expect([spoken.status, spoken.json.name, spoken.json.telephone1]).toEqual([201, "B", undefined]);
  expect(spoken.headers.get("preference-applied")).toBe("return=representation");
});

test("a new row has what the service fills in, and a state that is sent is ignored", async () => {
  const id = fresh();
  const sent = {
    accountid: id,
    name: "A",
    revenue: 10.005,
    statecode: 1,
    createdby: "x",
    unknown: undefined,
  };
  const { json } = await client.call("POST", "accounts", sent, representation);
  const me = (await client.call("GET", "WhoAmI")).json.UserId;
  expect(json).toMatchObject({
    accountid: id,
    statecode: 0,
    statuscode: 1,
    revenue: 10.01,
    revenue_base: 10.01,
  });
  expect(json).toMatchObject({
    exchangerate: 1,
    _ownerid_value: me,
    _owninguser_value: me,
    _createdby_value: me,
  });
  expect(json["@odata.etag"]).toBe(`W/"${json.versionnumber}"`);
  expect(json.createdon).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("a status that belongs to another state is refused; a state alone takes its first status", async () => {
  const wrong = await client.call("POST", "accounts", { name: "A", statuscode: 2 });
  expect(errorOf(wrong)).toEqual([400, "0x80048408"]);
  const id = await client.create("accounts", { name: "A" });
  await client.call("PATCH", `accounts(${id})`, { statecode: 1 });
  const { json } = await client.call("GET", `accounts(${id})?$select=statecode,statuscode`);
  expect(json).toMatchObject({ statecode: 1, statuscode: 2 });
});

test("PATCH by id creates what is not there and updates what is; representation tells which", async () => {
  const id = fresh();
  const made = await client.call("PATCH", `accounts(${id})`, { name: "A" }, representation);
  const changed = await client.call("PATCH", `accounts(${id})`, { name: "B" }, representation);
  expect([made.status, changed.status, changed.json.name]).toEqual([201, 200, "B"]);
  expect(changed.json.versionnumber).toBeGreaterThan(made.json.versionnumber);
  const silent = await client.call(
    "PATCH",
    `accounts(${id})`,
    { name: "B" },
    { "if-none-match": "null" },
  );
  expect(silent.status).toBe(204);
});

test("conditions: a stale version, a missing row, an existing one, an unchanged one", async () => {
  const id = await client.create("accounts", { name: "A" });
  const read = await client.call("GET", `accounts(${id})?$select=name`);
  const etag = String(read.headers.get("etag"));
  expect(etag).toBe(read.json["@odata.etag"]);
  const cached = await client.call("GET", `accounts(${id})?$select=name`, undefined, {
    "if-none-match": etag,
  });
  expect([cached.status, cached.text]).toEqual([304, ""]);
  await client.call("PATCH", `accounts(${id})`, { name: "B" }, { "if-match": etag });
  const path = `accounts(${id})`;
  expect(errorOf(await client.call("PATCH", path, { name: "C" }, { "if-match": etag }))).toEqual([
    412,
    "0x80060882",
  ]);
  expect(errorOf(await client.call("DELETE", path, undefined, { "if-match": etag }))).toEqual([
    412,
    "0x80060882",
  ]);
  expect(errorOf(await client.call("PATCH", path, {}, { "if-none-match": "*" }))).toEqual([
    412,
    "",
  ]);
  const absent = await client.call("PATCH", `accounts(${fresh()})`, {}, { "if-match": "*" });
  expect(errorOf(absent)).toEqual([404, "0x80040217"]);
});

test("a row is deleted once", async () => {
  const id = await client.create("accounts", { name: "A" });
  expect((await client.call("DELETE", `accounts(${id})`)).status).toBe(204);
  expect(errorOf(await client.call("DELETE", `accounts(${id})`))).toEqual([404, "0x80040217"]);
  expect((await client.call("DELETE", "accounts")).status).toBe(405);
});

test("the same primary key cannot be created twice", async () => {
  const row = { accountid: fresh(), name: "A" };
  await client.call("POST", "accounts", row);
  expect(errorOf(await client.call("POST", "accounts", row))).toEqual([412, "0x80040237"]);
});

test("rows within a row are created with it, or not at all", async () => {
  const id = await client.create("accounts", {
    name: "A",
    primarycontactid: { lastname: "First" },
    contact_customer_accounts: [{ lastname: "Second" }, { lastname: "Third" }],
  });
  const { json } = await client.call(
    "GET",
    `accounts(${id})?$select=name&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname;$orderby=lastname desc)`,
  );
  expect(json.primarycontactid.lastname).toBe("First");
  expect(json.contact_customer_accounts.map((row: { lastname: string }) => row.lastname)).toEqual([
    "Third",
    "Second",
  ]);
  const bad = { name: "Half", contact_customer_accounts: [{ lastname: "x".repeat(51) }] };
  expect(errorOf(await client.call("POST", "accounts", bad))).toEqual([400, "0x80044331"]);
  const left = await client.call("GET", "accounts/$count?$filter=name eq 'Half'");
  expect(left.text).toBe("0");
});

test("errors carry annotations where they were asked for, and unknown addresses their code", async () => {
  const headers = { prefer: 'odata.include-annotations="*"' };
  const reply = await client.call("POST", "accounts", { name: 5 }, headers);
  expect(reply.json.error).toHaveProperty(["@Microsoft.PowerApps.CDS.InnerError.Message"]);
  expect(errorOf(await client.call("GET", "accountz"))).toEqual([404, "0x8006088a"]);
  expect(errorOf(await client.call("GET", "accounts(no-guid)"))).toEqual([400, "0x80060888"]);
  expect(errorOf(await client.call("GET", "$metadata"))[0]).toBe(501);
});

test("duplicate detection works for those who turn it on", async () => {
  await client.admin("POST", "settings", {
    duplicateRules: [{ table: "contact", columns: ["emailaddress1"] }],
  });
  await client.create("contacts", { lastname: "D", emailaddress1: "same@x.example" });
  const again = { lastname: "E", emailaddress1: "SAME@x.example" };
  const asked = await client.call("POST", "contacts", again, {
    "MSCRM.SuppressDuplicateDetection": "false",
  });
  expect(errorOf(asked)).toEqual([412, "0x80040333"]);
  expect((await client.call("POST", "contacts", again)).status).toBe(204);
  const published = "duplicaterules?$select=name,baseentityname&$filter=statuscode eq";
  expect((await client.call("GET", `${published} 2`)).json.value).toMatchObject([
    { name: "contact: the same emailaddress1", baseentityname: "contact" },
  ]);
  expect((await client.call("GET", `${published} 0`)).json.value).toEqual([]);
});

test("skipping plug-ins takes a privilege, by header and by address", async () => {
  await client.admin("POST", "settings", {
    missingPrivileges: ["prvBypassCustomBusinessLogic", "prvBypassCustomPlugins"],
  });
  const header = await client.call(
    "POST",
    "accounts",
    {},
    { "MSCRM.BypassCustomPluginExecution": "true" },
  );
  const address = await client.call("POST", "accounts?BypassBusinessLogicExecution=CustomSync", {});
  expect([errorOf(header), errorOf(address)]).toEqual([
    [403, "0x80040220"],
    [403, "0x80040220"],
  ]);
  await client.admin("POST", "settings", { missingPrivileges: [] });
});
