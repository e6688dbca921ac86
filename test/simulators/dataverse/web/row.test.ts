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
const bind = (set: string, id: string): string => `/${set}(${id})`;

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

test("lookups are bound by relative and absolute address, cleared by null, and case-sensitive", async () => {
  const contact = await client.create("contacts", { lastname: "C" });
  const account = await client.create("accounts", { name: "A" });
  for (const address of [
    bind("contacts", contact),
    `contacts(${contact})`,
    `${client.ready.https}/api/data/v9.1/contacts(${contact})`,
  ]) {
    const id = await client.create("accounts", {
      name: "B",
      "primarycontactid@odata.bind": address,
    });
    expect((await client.call("GET", `accounts(${id})`)).json._primarycontactid_value).toBe(
      contact,
    );
    await client.call("PATCH", `accounts(${id})`, { "primarycontactid@odata.bind": null });
    expect((await client.call("GET", `accounts(${id})`)).json._primarycontactid_value).toBeNull();
  }
  const child = await client.create("contacts", {
    lastname: "D",
    "parentcustomerid_account@odata.bind": bind("accounts", account),
  });
  const { json } = await client.call("GET", `contacts(${child})`, undefined, {
    prefer: 'odata.include-annotations="*"',
  });
  expect(json).toMatchObject({
    _parentcustomerid_value: account,
    "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
    "_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty":
      "parentcustomerid_account",
    "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue": "A",
  });
});

test.each([
  [
    { "PrimaryContactId@odata.bind": "/contacts(00000000-0000-0000-0000-000000000001)" },
    400,
    "0x80048d19",
  ],
  [
    { "primarycontactid@odata.bind": "/accounts(00000000-0000-0000-0000-000000000001)" },
    400,
    "0x80048d19",
  ],
  [{ primarycontactid: "00000000-0000-0000-0000-000000000001" }, 400, "0x80048d19"],
  [{ _primarycontactid_value: "00000000-0000-0000-0000-000000000001" }, 400, "0x80048d19"],
  [
    { "primarycontactid@odata.bind": "/contacts(00000000-0000-0000-0000-000000000001)" },
    404,
    "0x80040217",
  ],
  [{ nobody: 1 }, 400, "0x80048d19"],
  [{ name: 5 }, 400, "0x80048d19"],
  [{ name: "x".repeat(161) }, 400, "0x80044331"],
  [{ name: "nul \u0000" }, 400, "0x80040278"],
  [{ revenue: "12.5" }, 400, "0x80048d19"],
  [{ numberofemployees: -1 }, 400, "0x8004432F"],
  [{ accountcategorycode: 99 }, 400, "0x8004431A"],
  [{ creditonhold: "yes" }, 400, "0x80048d19"],
  [{ lastusedincampaign: "2026-01-02T00:00:00Z" }, 400, "0x80048d19"],
  [{ lastusedincampaign: "2026-02-30" }, 400, "0x80048d19"],
  [{ overriddencreatedon: "2026-02-30T00:00:00Z" }, 400, "0x80048d19"],
  [{ overriddencreatedon: "1700-01-01T00:00:00Z" }, 400, "0x80040239"],
])("the payload %o is refused with its code", async (payload, status, code) => {
  expect(errorOf(await client.call("POST", "accounts", payload))).toEqual([status, code]);
});

test("hostile texts come back byte for byte, and an empty one is null", async () => {
  const texts = [
    'O\'Brien & "Söhne" <#/%>',
    "🚚 ‏עברית",
    "=cmd|' /C'!A0",
    "__proto__",
    "tab\tline\r\nend",
    "x".repeat(2_000),
  ];
  for (const description of texts) {
    const { json } = await client.call(
      "POST",
      "accounts",
      { name: "H", description },
      representation,
    );
    expect(json.description).toBe(description);
  }
  const { json } = await client.call(
    "POST",
    "accounts",
    { name: "H", description: "" },
    representation,
  );
  expect(json.description).toBeNull();
});

test("an overridden creation date is kept in createdon, in whole seconds, and only on create", async () => {
  const overriddencreatedon = "2019-05-04T03:02:01.987+02:00";
  const { json } = await client.call(
    "POST",
    "accounts",
    { name: "Old", overriddencreatedon },
    representation,
  );
  expect(json.createdon).toBe("2019-05-04T01:02:01Z");
  expect(json.overriddencreatedon > "2020").toBe(true);
  const later = await client.call(
    "PATCH",
    `accounts(${json.accountid})`,
    { overriddencreatedon: "2018-01-01T00:00:00Z" },
    representation,
  );
  expect(later.json.createdon).toBe("2019-05-04T01:02:01Z");
  const future = await client.call("POST", "accounts", {
    name: "F",
    overriddencreatedon: "2999-01-01T00:00:00Z",
  });
  expect(future.status).toBe(400);
});

test("one column is read, set and cleared by its address", async () => {
  const id = await client.create("accounts", { name: "A" });
  await client.call("PUT", `accounts(${id})/name`, { value: "B" });
  expect((await client.call("GET", `accounts(${id})/name`)).json.value).toBe("B");
  expect((await client.call("GET", `accounts(${id})/name/$value`)).text).toBe("B");
  await client.call("DELETE", `accounts(${id})/name`);
  expect((await client.call("GET", `accounts(${id})/name`)).status).toBe(204);
});

test("rows are associated and let go by $ref, from either side", async () => {
  const account = await client.create("accounts", { name: "A" });
  const contact = await client.create("contacts", { lastname: "C" });
  const reference = { "@odata.id": `${client.ready.http}/api/data/v9.2/contacts(${contact})` };
  const parentOf = async (): Promise<unknown> =>
    (await client.call("GET", `contacts(${contact})`)).json._parentcustomerid_value;
  await client.call("POST", `accounts(${account})/contact_customer_accounts/$ref`, reference);
  expect(await parentOf()).toBe(account);
  const members = await client.call(
    "GET",
    `accounts(${account})/contact_customer_accounts?$select=lastname`,
  );
  expect(members.json.value).toHaveLength(1);
  await client.call("DELETE", `accounts(${account})/contact_customer_accounts(${contact})/$ref`);
  expect(await parentOf()).toBeNull();
  await client.call("PUT", `accounts(${account})/primarycontactid/$ref`, reference);
  expect(
    (await client.call("GET", `accounts(${account})/primarycontactid?$select=lastname`)).json
      .lastname,
  ).toBe("C");
  await client.call("DELETE", `accounts(${account})/primarycontactid/$ref`);
  expect((await client.call("GET", `accounts(${account})/primarycontactid`)).status).toBe(204);
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
