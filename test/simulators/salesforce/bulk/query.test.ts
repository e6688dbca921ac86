import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
  let csv = "Source_Key__c,Name,CreatedDate\n";
  for (let at = 0; at < 1_203; at++) csv += `customer-${at},"Row, ${at}",2020-01-01T00:00:00Z\n`;
  await org.ended(await org.submit({ object: "Account", operation: "insert" }, csv));
});
afterAll(() => org.close());

test("a query job answers in pages, header on each, with both headers until the locator is null", async () => {
  const query = "SELECT Source_Key__c, Owner.Username, CreatedDate FROM Account ORDER BY Name";
  const made = await org.rest("POST", "/jobs/query", { operation: "query", query });
  expect(made.json).toMatchObject({
    state: "UploadComplete",
    operation: "query",
    object: "Account",
  });
  expect(await org.ended(made.json.id, "query")).toMatchObject({
    jobType: "V2Query",
    numberRecordsProcessed: 1_203,
  });
  const keys = new Set<string>();
  const pages: number[] = [];
  let locator = "";
  do {
    const next = locator === "" ? "" : `&locator=${locator}`;
    const path = `/jobs/query/${made.json.id}/results/?maxRecords=501${next}`;
    const { text, headers } = await org.rest("GET", path);
    const [header, ...lines] = text.trimEnd().split("\n");
    expect(header).toBe('"Source_Key__c","Owner.Username","CreatedDate"');
    expect(lines[0]).toMatch(/^"customer-\d+","integration@[^"]+","2020-01-01T00:00:00.000Z"$/);
    for (const line of lines) keys.add(line);
    pages.push(Number(headers.get("sforce-numberofrecords")));
    locator = headers.get("sforce-locator") ?? "";
  } while (locator !== "null");
  expect(pages).toEqual([501, 501, 201]);
  expect(keys.size).toBe(1_203);
});

test("an empty answer still has its header and a null locator", async () => {
  const query = "SELECT Id FROM Account WHERE Name = 'nobody'";
  const { json } = await org.rest("POST", "/jobs/query", { operation: "queryAll", query });
  await org.ended(json.id, "query");
  const { text, headers } = await org.rest("GET", `/jobs/query/${json.id}/results`);
  expect(text).toBe('"Id"\n');
  expect(headers.get("sforce-locator")).toBe("null");
  expect(headers.get("sforce-numberofrecords")).toBe("0");
});

test("child lists, aggregates and unknown columns are refused when the job is made", async () => {
  const refusal = async (query: string): Promise<{ message: string; errorCode: string }> =>
    (await org.rest("POST", "/jobs/query", { operation: "query", query })).json[0];
  const child = await refusal("SELECT Id, (SELECT Id FROM Contacts) FROM Account");
  expect(child.message).toContain("Aggregate Relationships not supported in Bulk Query");
  expect(await refusal("SELECT COUNT(Id) FROM Account")).toHaveProperty("errorCode");
  expect((await refusal("SELECT Bogus FROM Account")).errorCode).toBe("INVALID_FIELD");
  for (const query of [
    "SELECT Id FROM Account OFFSET 5",
    "SELECT Name FROM Account GROUP BY Name",
    "SELECT TYPEOF What WHEN Account THEN Phone END FROM Task",
  ]) {
    expect((await refusal(query)).errorCode).toBe("INVALIDJOB");
  }
});

test("a job's pages are listed beforehand, and each of them can be read by itself", async () => {
  await org.admin("POST", "settings", { resultPageRows: 500 });
  const query = "SELECT Source_Key__c FROM Account";
  const { json } = await org.rest("POST", "/jobs/query", {
    operation: "query",
    query,
    columnDelimiter: "PIPE",
    lineEnding: "CRLF",
  });
  await org.ended(json.id, "query");
  const listed = await org.rest("GET", `/jobs/query/${json.id}/resultPages`);
  expect(listed.json).toMatchObject({ done: true, nextRecordsUrl: null });
  const keys = new Set<string>();
  for (const { resultUrl } of listed.json.resultPages) {
    const { text } = await org.call("GET", resultUrl);
    const [header, ...lines] = text.split("\r\n").slice(0, -1);
    expect(header).toBe('"Source_Key__c"');
    for (const line of lines) keys.add(line);
  }
  expect(listed.json.resultPages).toHaveLength(3);
  expect(keys.size).toBe(1_203);
  await org.admin("POST", "settings", { resultPageRows: 50_000 });
});

test("a job is aborted while it waits, then deleted, and has no results", async () => {
  await org.admin("POST", "settings", { processing: { queueMs: 60_000 } });
  const query = "SELECT Id FROM Account";
  const { json } = await org.rest("POST", "/jobs/query", { operation: "query", query });
  await org.admin("POST", "settings", { processing: { queueMs: 0 } });
  const path = `/jobs/query/${json.id}`;
  expect((await org.rest("GET", `${path}/results`)).json[0].errorCode).toBe("INVALIDJOBSTATE");
  expect((await org.rest("PATCH", path, { state: "Aborted" })).json.state).toBe("Aborted");
  expect((await org.rest("PATCH", path, { state: "Aborted" })).status).toBe(400);
  expect((await org.rest("DELETE", path)).status).toBe(204);
  expect((await org.rest("GET", path)).status).toBe(404);
});

test("the day's query jobs and their bytes are counted, and refused when they are used up", async () => {
  const { json } = await org.rest("GET", "/limits");
  const { Max, Remaining } = json.DailyBulkV2QueryJobs;
  expect(Max - Remaining).toBeGreaterThan(3);
  const bytes = json.DailyBulkV2QueryFileStorageMB;
  expect(bytes.Max - bytes.Remaining).toBe(1);
  const query = "SELECT Id FROM Account";
  for (const limits of [{ DailyBulkV2QueryFileStorageMB: 0 }, { DailyBulkV2QueryJobs: 1 }]) {
    await org.admin("POST", "settings", { limits });
    const refused = await org.rest("POST", "/jobs/query", { operation: "query", query });
    expect(refused.json[0].errorCode).toBe("EXCEEDEDQUOTA");
    await org.admin("POST", "settings", { limits: { DailyBulkV2QueryFileStorageMB: 976_562 } });
  }
});
