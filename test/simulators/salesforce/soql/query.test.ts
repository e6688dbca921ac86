import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
  const rows = Array.from({ length: 7 }, (_none, at) => ({
    attributes: { type: "Account" },
    Name: `Account ${at}`,
    Source_Key__c: `customer-${at}`,
    AnnualRevenue: at * 10,
    ...(at % 2 === 0 ? { BillingCity: "Boston" } : {}),
    CreatedDate: `202${at}-01-15T12:00:00Z`,
  }));
  await org.rest("POST", "/composite/sobjects", { records: rows.slice(0, 6) });
  const { json } = await org.rest("POST", "/sobjects/Case", {
    Subject: "It's 100% broken_",
    Account: { Source_Key__c: "customer-3" },
    Source_Key__c: "job-1",
    Total__c: 12.5,
    Tags__c: "a;c",
    Scheduled_At__c: "2026-02-03T04:05:06+01:00",
  });
  await org.rest("POST", "/sobjects/Work_Order_Line_Item__c", { Case__c: json.id, Quantity__c: 2 });
});
afterAll(() => org.close());

async function names(where: string): Promise<string> {
  const { json } = await org.query(`SELECT Name FROM Account WHERE ${where} ORDER BY Name`);
  return json.records.map((one: { Name: string }) => one.Name.slice(-1)).join("");
}

test("parents come nested with attributes, null fields as null, datetimes with +0000", async () => {
  const soql =
    "SELECT Id, Account.Name, Account.Owner.Username, Contact.Name, Origin, Scheduled_At__c, Total__c FROM Case";
  const { json } = await org.query(soql);
  const [record] = json.records;
  expect(json).toMatchObject({ totalSize: 1, done: true });
  expect(record.attributes).toEqual({
    type: "Case",
    url: `/services/data/v59.0/sobjects/Case/${record.Id}`,
  });
  expect(record.Account).toMatchObject({
    attributes: { type: "Account" },
    Name: "Account 3",
    Owner: { Username: org.ready.user },
  });
  expect(record).toMatchObject({ Contact: null, Origin: null, Total__c: 12.5 });
  expect(record.Scheduled_At__c).toBe("2026-02-03T03:05:06.000+0000");
});

test("every operator finds what it should", async () => {
  expect(await names("Name LIKE 'ACCOUNT _' AND AnnualRevenue > 30")).toBe("45");
  expect(await names("AnnualRevenue IN (0, 20) OR Name = 'account 5'")).toBe("025");
  expect(await names("NOT (AnnualRevenue >= 10 AND AnnualRevenue <= 40)")).toBe("05");
  expect(await names("BillingCity != 'boston'")).toBe("135");
  expect(await names("BillingCity = null AND Source_Key__c NOT IN ('customer-1')")).toBe("35");
  expect(await names("CreatedDate < 2022-01-01T00:00:00Z")).toBe("01");
  expect(await names("Id IN (SELECT AccountId FROM Case WHERE Total__c = 12.5)")).toBe("3");
  expect(await names("CreatedDate = LAST_N_DAYS:3")).toBe("");
});

test("quotes, percent and underscore are escaped as documented", async () => {
  const hit = async (where: string): Promise<number> =>
    (await org.query(`SELECT Id FROM Case WHERE ${where}`)).json.totalSize;
  expect(await hit("Subject = 'it\\'s 100% BROKEN_'")).toBe(1);
  expect(await hit("Subject LIKE '%100\\% broken\\_'")).toBe(1);
  expect(await hit("Subject LIKE '%100\\_%'")).toBe(0);
  expect(await hit("Tags__c INCLUDES ('b', 'a;c')")).toBe(1);
  expect(await hit("Tags__c EXCLUDES ('c')")).toBe(0);
});

test("ids compare with 15 and 18 characters, and a malformed one is an error", async () => {
  const [{ Id }] = (await org.query("SELECT Id FROM Account LIMIT 1")).json.records;
  const short = await org.query(`SELECT Id FROM Account WHERE Id = '${Id.slice(0, 15)}'`);
  expect(short.json.totalSize).toBe(1);
  const wrong = await org.query("SELECT Id FROM Account WHERE Id = 'abc'");
  expect(wrong.json[0]).toMatchObject({ message: "invalid ID field: abc" });
});

test("COUNT() has no records, aggregates are numbered, aliases and GROUP BY are honoured", async () => {
  const count = await org.query("SELECT COUNT() FROM Account");
  expect(count.json).toEqual({ totalSize: 6, done: true, records: [] });
  const soql =
    "SELECT BillingCity town, COUNT(Id), SUM(AnnualRevenue) total, MAX(CreatedDate) FROM Account GROUP BY BillingCity HAVING COUNT(Id) = 3 ORDER BY COUNT(Id) DESC, BillingCity NULLS LAST";
  expect((await org.query(soql)).json.records).toEqual([
    {
      attributes: { type: "AggregateResult" },
      town: "Boston",
      expr0: 3,
      total: 60,
      expr1: "2024-01-15T12:00:00.000+0000",
    },
    {
      attributes: { type: "AggregateResult" },
      town: null,
      expr0: 3,
      total: 90,
      expr1: "2025-01-15T12:00:00.000+0000",
    },
  ]);
});

test("ORDER BY, LIMIT and OFFSET cut the same list everybody expects", async () => {
  const soql =
    "SELECT Name FROM Account ORDER BY BillingCity DESC NULLS LAST, Name LIMIT 2 OFFSET 2";
  const { json } = await org.query(soql);
  expect(json.records.map((one: { Name: string }) => one.Name)).toEqual(["Account 4", "Account 1"]);
  const far = await org.query("SELECT Id FROM Account OFFSET 2001");
  expect(far.json[0].errorCode).toBe("NUMBER_OUTSIDE_VALID_RANGE");
});

test("a child list comes with its own size, or null", async () => {
  const soql = "SELECT Subject, (SELECT Quantity__c FROM Line_Items__r) FROM Case";
  const [record] = (await org.query(soql)).json.records;
  expect(record.Line_Items__r).toMatchObject({
    totalSize: 1,
    done: true,
    records: [{ Quantity__c: 2 }],
  });
});

test("pages follow one another by locator, also under /query/ for queryAll, until it is stale", async () => {
  await org.admin("POST", "settings", { queryPageRows: 4 });
  const first = await org.rest("GET", "/queryAll/?q=SELECT+Id+FROM+Account");
  expect(first.json).toMatchObject({ totalSize: 6, done: false });
  expect(first.json.nextRecordsUrl).toMatch(/^\/services\/data\/v59\.0\/query\/01g\w+-4$/);
  const second = await org.call("GET", first.json.nextRecordsUrl);
  expect(second.json).toMatchObject({ totalSize: 6, done: true });
  expect(second.json.records).toHaveLength(2);
  await org.admin("POST", "settings", { queryPageRows: 2_000 });
  await org.admin("POST", "clock", { advance_ms: 16 * 60_000 });
  const stale = await org.call("GET", first.json.nextRecordsUrl);
  expect(stale.json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
});

test("deleted rows show in queryAll only", async () => {
  const { json } = await org.rest("POST", "/sobjects/Account", {
    Name: "Gone",
    Source_Key__c: "g",
  });
  await org.rest("DELETE", `/sobjects/Account/${json.id}`);
  const soql = encodeURIComponent("SELECT IsDeleted FROM Account WHERE Source_Key__c = 'g'");
  expect((await org.rest("GET", `/query?q=${soql}`)).json.totalSize).toBe(0);
  const all = await org.rest("GET", `/queryAll?q=${soql}`);
  expect(all.json.records).toMatchObject([{ IsDeleted: true }]);
});

test("what is no SOQL is refused in the documented shape", async () => {
  const refusal = async (soql: string): Promise<object> => {
    const { status, json } = await org.query(soql);
    return { status, ...json[0] };
  };
  expect(await refusal("SELECT Bogus FROM Account")).toMatchObject({
    status: 400,
    errorCode: "INVALID_FIELD",
    message: expect.stringMatching(/ERROR at Row:1:Column:8\nNo such column 'Bogus'/),
  });
  expect(await refusal("SELECT Id FROM Bogus")).toMatchObject({
    errorCode: "INVALID_TYPE",
    message: expect.stringContaining("sObject type 'Bogus' is not supported"),
  });
  const code = async (soql: string): Promise<unknown> => (await org.query(soql)).json[0].errorCode;
  expect(await code("SELECT Id FROM Account WHERE")).toBe("MALFORMED_QUERY");
  expect(await code("SELECT Id FROM Account WHERE Id = '1' AND Id = '2' OR Id = '3'")).toBe(
    "MALFORMED_QUERY",
  );
  expect(await code("SELECT Id FROM Case WHERE Description = 'x'")).toBe("INVALID_FIELD");
  expect(await code("SELECT Id FROM Account WHERE AnnualRevenue = '5'")).toBe("INVALID_FIELD");
  expect(await code("SELECT IsPersonAccount FROM Account LIMIT 1")).toBe("INVALID_FIELD");
});

test("a URI above 16,384 bytes is answered 414", async () => {
  const { status } = await org.query(`SELECT Id FROM Account WHERE Name = '${"x".repeat(16_400)}'`);
  expect(status).toBe(414);
});
