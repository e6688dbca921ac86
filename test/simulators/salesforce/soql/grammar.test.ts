import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
let accountId = "";
beforeAll(async () => {
  org = await openOrgClient();
  const stamps = ["2024-01-15T01:00:00Z", "2024-02-29T12:00:00Z", "2025-02-28T23:59:59Z"];
  const records = stamps.map((CreatedDate, at) => ({
    attributes: { type: "Account" },
    Name: `Account ${at}`,
    Source_Key__c: `customer-${at}`,
    Phone: `555-${at}`,
    CreatedDate,
  }));
  const { json } = await org.rest("POST", "/composite/sobjects", { records });
  accountId = json[0].id;
  const cases = Array.from({ length: 5 }, (_, at) => ({
    attributes: { type: "Case" },
    Subject: `Case ${at}`,
    Source_Key__c: `job-${at}`,
    AccountId: at < 3 ? accountId : json[1].id,
    Total__c: at + 0.5,
  }));
  const made = await org.rest("POST", "/composite/sobjects", { records: cases });
  await org.rest("POST", "/sobjects/Task", {
    Subject: "About the case",
    WhatId: made.json[0].id,
  });
  await org.rest("POST", "/sobjects/Task", { Subject: "About the account", WhatId: accountId });
  await org.rest("POST", "/sobjects/Task", { Subject: "Of nothing" });
});
afterAll(() => org.close());

const records = async (soql: string): Promise<Record<string, unknown>[]> =>
  (await org.query(soql)).json.records.map(
    ({ attributes: _attributes, ...rest }: Record<string, unknown>) => rest,
  );
const refusal = async (soql: string): Promise<{ errorCode: string; message: string }> => {
  const { status, json } = await org.query(soql);
  expect(status).toBe(400);
  return json[0];
};

test("a lookup to several objects shows Name of its target, and is filtered by its type", async () => {
  const soql =
    "SELECT Subject, What.Type, What.Name FROM Task WHERE What.Type IN ('Case', 'Account') ORDER BY What.Type";
  const { json } = await org.query(soql);
  expect(json.records).toMatchObject([
    {
      Subject: "About the account",
      What: { attributes: { type: "Name" }, Type: "Account", Name: "Account 0" },
    },
    { Subject: "About the case", What: { Type: "Case", Name: expect.stringMatching(/^\d{8}$/) } },
  ]);
  const own = await refusal("SELECT What.Source_Key__c FROM Task");
  expect(own).toMatchObject({ errorCode: "INVALID_FIELD" });
  const [owned] = await records("SELECT Owner.Name, Owner.Type FROM Case LIMIT 1");
  expect(owned).toMatchObject({ Owner: { Type: "User" } });
});

test("TYPEOF reads fields of the target's own object", async () => {
  const soql =
    "SELECT Subject, TYPEOF What WHEN Account THEN Phone, Source_Key__c WHEN Case THEN Total__c, Account.Name ELSE Name END FROM Task ORDER BY Subject";
  const { json } = await org.query(soql);
  expect(json.records).toMatchObject([
    {
      What: { attributes: { type: "Account" }, Phone: "555-0", Source_Key__c: "customer-0" },
    },
    { What: { attributes: { type: "Case" }, Total__c: 0.5, Account: { Name: "Account 0" } } },
    { What: null },
  ]);
  const wrong = "SELECT TYPEOF What WHEN Account THEN Nothing__c END FROM Task";
  expect((await refusal(wrong)).message).toContain(
    "No such column 'Nothing__c' on entity 'Account'",
  );
});

test("date functions group and filter, and are numbered like aggregates", async () => {
  const soql =
    "SELECT CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) month, COUNT(Id) FROM Account GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) ORDER BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate)";
  expect(await records(soql)).toEqual([
    { expr0: 2024, month: 1, expr1: 1 },
    { expr0: 2024, month: 2, expr1: 1 },
    { expr0: 2025, month: 2, expr1: 1 },
  ]);
  const on = async (where: string): Promise<number> =>
    (await org.query(`SELECT Id FROM Account WHERE ${where}`)).json.totalSize;
  expect(await on("DAY_ONLY(CreatedDate) = 2024-02-29")).toBe(1);
  expect(await on("CALENDAR_QUARTER(CreatedDate) = 1 AND HOUR_IN_DAY(CreatedDate) > 11")).toBe(2);
  expect((await refusal("SELECT CALENDAR_YEAR(Name) FROM Account")).errorCode).toBe(
    "MALFORMED_QUERY",
  );
});

test("date literals mean whole days, weeks, months, quarters and years of the org's clock", async () => {
  await org.admin("POST", "clock", { at: "2025-03-05T10:00:00Z" });
  await org.signIn();
  const on = async (literal: string): Promise<number> =>
    (await org.query(`SELECT Id FROM Account WHERE CreatedDate = ${literal}`)).json.totalSize;
  expect(await on("THIS_QUARTER")).toBe(1);
  expect(await on("LAST_N_QUARTERS:5")).toBe(2);
  expect(await on("LAST_N_WEEKS:1")).toBe(1);
  expect(await on("LAST_WEEK")).toBe(1);
  expect(await on("N_MONTHS_AGO:1")).toBe(1);
  expect(await on("LAST_FISCAL_YEAR")).toBe(2);
  expect(await on("N_YEARS_AGO:1")).toBe(2);
  expect(await on("LAST_N_DAYS:5")).toBe(1);
  expect((await refusal("SELECT Id FROM Account WHERE CreatedDate = LAST_N_WEEKS")).errorCode).toBe(
    "MALFORMED_QUERY",
  );
  await org.admin("POST", "clock", { at: new Date().toISOString() });
  await org.signIn();
});

test("groups are filtered by HAVING, and sums of text are refused at their place", async () => {
  const soql =
    "SELECT Account.Name owner, SUM(Total__c) total, COUNT(Id) FROM Case GROUP BY Account.Name HAVING COUNT(Id) > 2 ORDER BY SUM(Total__c) DESC";
  expect(await records(soql)).toEqual([{ owner: "Account 0", total: 4.5, expr0: 3 }]);
  const wrong = await refusal("SELECT SUM(Subject) FROM Case");
  expect(wrong).toMatchObject({ errorCode: "MALFORMED_QUERY" });
  expect(wrong.message).toMatch(/\n {11}\^\nERROR at Row:1:Column:12\n/);
});

test("child lists, semi-joins and anti-joins follow the lookups", async () => {
  const soql =
    "SELECT Name, (SELECT Subject FROM Cases WHERE Total__c > 1 ORDER BY Subject DESC LIMIT 1) FROM Account WHERE Id IN (SELECT AccountId FROM Case) ORDER BY Name";
  expect(await records(soql)).toMatchObject([
    { Name: "Account 0", Cases: { totalSize: 1, records: [{ Subject: "Case 2" }] } },
    { Name: "Account 1", Cases: { records: [{ Subject: "Case 4" }] } },
  ]);
  const anti = "SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Case)";
  expect(await records(anti)).toEqual([{ Name: "Account 2" }]);
  expect(await refusal("SELECT (SELECT Id FROM Nothings) FROM Account")).toMatchObject({
    errorCode: "INVALID_TYPE",
    message: expect.stringContaining("Didn't understand relationship 'Nothings'"),
  });
});

test("?columns=true describes the columns instead of reading rows", async () => {
  const ask = async (soql: string): Promise<Record<string, unknown>> =>
    (await org.rest("GET", `/query?columns=true&q=${encodeURIComponent(soql)}`)).json;
  expect(await ask("SELECT Id, Subject, Total__c, Account.Name FROM Case")).toMatchObject({
    entityName: "Case",
    keyPrefix: "500",
    idSelected: true,
    groupBy: false,
    columnMetadata: [
      { columnName: "Id", apexType: "Id" },
      { columnName: "Subject", textType: true, aggregate: false },
      { columnName: "Total__c", numberType: true, custom: true },
      { columnName: "Account", foreignKeyName: "AccountId", joinColumns: [{ columnName: "Name" }] },
    ],
  });
  expect(await ask("SELECT Status, COUNT(Id) FROM Case GROUP BY Status")).toMatchObject({
    groupBy: true,
    columnMetadata: [{ columnName: "Status" }, { columnName: "expr0", aggregate: true }],
  });
});

test("FIELDS() needs a limit of 200 unless it names standard fields only", async () => {
  const [all] = await records("SELECT FIELDS(ALL) FROM Case LIMIT 1");
  expect(all).toHaveProperty("Total__c");
  expect(all).toHaveProperty("Subject");
  const [custom] = await records("SELECT Id, FIELDS(CUSTOM) FROM Case LIMIT 1");
  expect(custom).not.toHaveProperty("Subject");
  expect((await records("SELECT FIELDS(STANDARD) FROM Case"))[0]).not.toHaveProperty("Total__c");
  expect((await refusal("SELECT FIELDS(ALL) FROM Case")).errorCode).toBe("MALFORMED_QUERY");
});

test("links of files are read by one of their ends only", async () => {
  expect(await refusal("SELECT Id FROM ContentDocumentLink WHERE IsDeleted = false")).toMatchObject(
    {
      errorCode: "MALFORMED_QUERY",
      message: expect.stringContaining("Implementation restriction"),
    },
  );
  const by = `SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId IN ('${accountId}')`;
  expect((await org.query(by)).json.totalSize).toBe(0);
});

test("what cannot be compared so is refused by its own code", async () => {
  const code = async (where: string): Promise<string> =>
    (await refusal(`SELECT Id FROM Case WHERE ${where}`)).errorCode;
  expect(await code("Id LIKE '500%'")).toBe("INVALID_QUERY_FILTER_OPERATOR");
  expect(await code("Description = 'long text'")).toBe("INVALID_FIELD");
  expect(await code("Subject = 5")).toBe("INVALID_FIELD");
  expect(await code("Subject = 'a' AND Origin = 'b' OR Status = 'c'")).toBe("MALFORMED_QUERY");
});

test("a cursor ends after 15 idle minutes, after two days, and when ten newer ones are open", async () => {
  await org.admin("POST", "faults", { faults: [{ kind: "small_pages", on: "^query$", rows: 2 }] });
  const open = async (): Promise<string> =>
    (await org.query("SELECT Id FROM Case")).json.nextRecordsUrl;
  const first = await open();
  expect((await org.call("GET", first)).json.records).toHaveLength(2);
  for (let more = 0; more < 10; more++) await open();
  expect((await org.call("GET", first)).json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
  const idle = await open();
  await org.admin("POST", "clock", { advance_ms: 14 * 60_000 });
  expect((await org.call("GET", idle)).status).toBe(200);
  await org.admin("POST", "clock", { advance_ms: 16 * 60_000 });
  expect((await org.call("GET", idle)).json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
  await org.admin("DELETE", "faults");
});
