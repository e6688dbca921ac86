import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
beforeEach(async () => {
  await org.admin("DELETE", "faults");
});
afterAll(() => org.close());

const insert = { object: "Account", operation: "insert" };
const fast = { processing: { queueMs: 0, msPer10k: 0 } };

function rows(from: number, to: number): string {
  let csv = "Source_Key__c,Name\n";
  for (let at = from; at < to; at++) csv += `bulk-${at},Row ${at}\n`;
  return csv;
}

function strike(kind: string, more: object = {}, match: object = { count: 1 }): Promise<unknown> {
  return org.admin("POST", "faults", { rules: [{ match, action: { kind, ...more } }] });
}

test("a job goes Open, UploadComplete, JobComplete, and its replies have the documented keys", async () => {
  const made = await org.rest("POST", "/jobs/ingest", { ...insert, somethingElse: 1 });
  expect(made.status).toBe(200);
  expect(made.json).toMatchObject({
    id: expect.stringMatching(/^750\w{15}$/),
    state: "Open",
    apiVersion: 59,
    contentUrl: `services/data/v59.0/jobs/ingest/${made.json.id}/batches`,
    lineEnding: "LF",
    columnDelimiter: "COMMA",
    concurrencyMode: "Parallel",
    createdDate: expect.stringMatching(/\.\d{3}\+0000$/),
  });
  const path = `/jobs/ingest/${made.json.id}`;
  const put = await org.rest("PUT", `${path}/batches/`, rows(0, 3));
  expect([put.status, put.text]).toEqual([201, ""]);
  const twice = await org.rest("PUT", `${path}/batches`, rows(0, 3));
  expect(twice.json).toEqual([{ errorCode: "CLIENTINPUTERROR", message: expect.any(String) }]);
  const closed = await org.rest("PATCH", path, { id: made.json.id, state: "UploadComplete" });
  expect(closed.json.state).toBe("UploadComplete");
  expect(await org.ended(made.json.id)).toMatchObject({
    state: "JobComplete",
    jobType: "V2Ingest",
    numberRecordsProcessed: 3,
    numberRecordsFailed: 0,
  });
  const again = await org.rest("PATCH", path, { state: "UploadComplete" });
  expect(again.json[0].errorCode).toBe("INVALIDJOBSTATE");
});

test("results echo the upload verbatim, every cell quoted, in another order than the upload's", async () => {
  const csv =
    'Name,Source_Key__c,Phone,BillingStreet\n" A ""1"", x",v-1,,"two\nlines"\nB,v-2,+1;2|3, edge \n';
  const id = await org.submit(insert, csv);
  await org.ended(id);
  const { text, headers } = await org.rest("GET", `/jobs/ingest/${id}/successfulResults`);
  expect(headers.get("content-type")).toMatch(/^text\/csv/);
  expect(text).toMatch(
    /^"sf__Id","sf__Created","Name","Source_Key__c","Phone","BillingStreet"\n"001\w{15}","true","B","v-2","\+1;2\|3"," edge "\n"001\w{15}","true"," A ""1"", x","v-1","","two\nlines"\n$/,
  );
  expect(await org.results(id, "failedResults")).toEqual([
    ["sf__Id", "sf__Error", "Name", "Source_Key__c", "Phone", "BillingStreet"],
  ]);
  expect(await org.results(id, "unprocessedRecords")).toHaveLength(1);
  const { json } = await org.query("SELECT BillingStreet FROM Account WHERE Source_Key__c = 'v-2'");
  expect(json.records[0].BillingStreet).toBe("edge");
});

test("a wrong row fails alone, with code, message and fields, and still counts as processed", async () => {
  const csv = "Source_Key__c,Name\np-1,\np-2,Fine\nbulk-0,Taken\n";
  const id = await org.submit(insert, csv);
  expect(await org.ended(id)).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 2 });
  const failed = await org.results(id, "failedResults");
  const errorOf = (key: string): string | undefined => failed.find((row) => row[2] === key)?.[1];
  expect(errorOf("p-1")).toBe("REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --");
  expect(errorOf("bulk-0")).toMatch(
    /^DUPLICATE_VALUE:duplicate value found: Source_Key__c duplicates value on record with id: 001\w{15}:--$/,
  );
});

test("an empty cell changes nothing, #N/A clears, and parents are named by their key", async () => {
  const cases =
    "Source_Key__c,Subject,Origin,Account.Source_Key__c,User:Owner.Username,CreatedDate\n";
  const made = await org.submit(
    { object: "Case", operation: "insert" },
    `${cases}c-1,First,Web,bulk-1,${org.ready.user},2020-01-01T00:00:00Z\nc-2,Second,Web,nobody,,\n`,
  );
  expect(await org.ended(made)).toMatchObject({ numberRecordsFailed: 1 });
  const [, orphan] = await org.results(made, "failedResults");
  expect(orphan?.[1]).toBe(
    "INVALID_FIELD:Foreign key external ID: nobody not found for field Source_Key__c in entity Account:Source_Key__c --",
  );
  const soql = "SELECT Id, Subject, Origin, Account.Source_Key__c, CreatedDate FROM Case";
  const before = (await org.query(soql)).json.records[0];
  expect(before.CreatedDate).toBe("2020-01-01T00:00:00.000+0000");
  const update = { object: "Case", operation: "update" };
  const id = await org.submit(
    update,
    `Id,Subject,Origin,Account.Source_Key__c\n${before.Id},,#N/A,#N/A\n`,
  );
  expect(await org.ended(id)).toMatchObject({ numberRecordsFailed: 0 });
  expect((await org.query(soql)).json.records[0]).toMatchObject({
    Subject: "First",
    Origin: null,
    Account: null,
  });
});

test("an unknown column, a BOM, a wrong line ending or a missing Id fail the whole job, rows unprocessed", async () => {
  const failure = async (
    order: object,
    csv: string,
  ): Promise<{ message: string; left: number }> => {
    const id = await org.submit(order, csv);
    const job = await org.ended(id);
    expect(job.state).toBe("Failed");
    expect(job.numberRecordsProcessed).toBe(0);
    const left = (await org.results(id, "unprocessedrecords")).length - 1;
    return { message: job.errorMessage, left };
  };
  expect(await failure(insert, "Name,Bogus__c\na,b\nc,d\n")).toEqual({
    message: "InvalidBatch : Field name not found : Bogus__c",
    left: 2,
  });
  expect(await failure(insert, "\uFEFFName\na\n")).toMatchObject({
    message: expect.stringContaining("Field name not found"),
  });
  expect(await failure(insert, "Name\r\na\r\n")).toMatchObject({
    message: "LineEnding is invalid on user data. Current LineEnding setting is LF",
  });
  const deleting = { object: "Account", operation: "delete" };
  expect(await failure(deleting, "Name\na\n")).toMatchObject({ left: 1 });
});

test("an upsert job creates and updates, takes a key once, and refuses audit columns", async () => {
  const order = { object: "Account", operation: "upsert", externalIdFieldName: "Source_Key__c" };
  const id = await org.submit(
    order,
    "Id,Source_Key__c,Name\n,BULK-2,Renamed\n,u-1,New\n,U-1,Twin\n",
  );
  expect(await org.ended(id)).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 1 });
  const made = await org.results(id, "successfulResults");
  expect(
    made
      .slice(1)
      .map((row) => `${row[3]} ${row[1]}`)
      .sort(),
  ).toEqual(["BULK-2 false", "u-1 true"]);
  const [, twin] = await org.results(id, "failedResults");
  expect(twin?.[1]).toBe("DUPLICATE_VALUE:Duplicate external id specified: U-1:Source_Key__c --");
  const stamped = await org.submit(
    order,
    "Source_Key__c,Name,CreatedDate\nu-2,N,2020-01-01T00:00:00Z\n",
  );
  await org.ended(stamped);
  const [, refused] = await org.results(stamped, "failedResults");
  expect(refused?.[1]).toMatch(/^INVALID_FIELD_FOR_INSERT_UPDATE:.*CreatedDate.*:CreatedDate --$/);
});

test("a delete job names each row it could not delete", async () => {
  const { json } = await org.query(
    "SELECT Id FROM Account WHERE Source_Key__c IN ('bulk-0', 'u-1')",
  );
  const ids = json.records.map((one: { Id: string }) => one.Id);
  const id = await org.submit(
    { object: "Account", operation: "delete" },
    `Id\n${ids.join("\n")}\n${ids[0]}\n`,
  );
  expect(await org.ended(id)).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 1 });
  expect((await org.results(id, "failedResults"))[1]).toEqual([
    ids[0],
    "ENTITY_IS_DELETED:entity is deleted:--",
    ids[0],
  ]);
});

test("CRLF and other delimiters are read as the job says and answered alike", async () => {
  const order = { ...insert, lineEnding: "CRLF", columnDelimiter: "PIPE" };
  const id = await org.submit(order, "Source_Key__c|Name\r\ncr-1|a,b\r\n");
  expect(await org.ended(id)).toMatchObject({ state: "JobComplete", numberRecordsFailed: 0 });
  const { text } = await org.rest("GET", `/jobs/ingest/${id}/successfulResults`);
  expect(text).toMatch(/\|"cr-1"\|"a,b"\r\n$/);
});

test("hardDelete and unknown objects are refused when the job is made", async () => {
  const code = async (order: object): Promise<unknown> =>
    (await org.rest("POST", "/jobs/ingest", order)).json[0].errorCode;
  expect(await code({ ...insert, operation: "hardDelete" })).toBe("FEATURENOTENABLED");
  expect(await code({ ...insert, object: "Nothing__c" })).toBe("INVALIDENTITY");
  expect(await code({ ...insert, operation: "upsert", externalIdFieldName: "Phone" })).toBe(
    "INVALIDJOB",
  );
});

test("an aborted job keeps what it committed and gives back the rest as unprocessed", async () => {
  await strike("hold_job", { ms: 60_000 });
  const held = await org.submit(insert, rows(100, 103));
  const path = `/jobs/ingest/${held}`;
  expect((await org.rest("GET", path)).json.state).toBe("UploadComplete");
  expect((await org.rest("PATCH", path, { state: "Aborted" })).json.state).toBe("Aborted");
  expect(await org.results(held, "unprocessedrecords")).toHaveLength(4);
  expect((await org.rest("PATCH", path, { state: "Aborted" })).json[0].errorCode).toBe(
    "INVALIDJOBSTATE",
  );
  expect((await org.rest("DELETE", path)).status).toBe(204);
  expect((await org.rest("GET", path)).json[0].errorCode).toBe("NOT_FOUND");
});

test("a failed batch leaves its later rows unprocessed and its earlier ones committed", async () => {
  await strike("fail_batch", { rows: 250 });
  const id = await org.submit(insert, rows(1_000, 1_600));
  const job = await org.ended(id);
  expect(job).toMatchObject({ state: "Failed", numberRecordsProcessed: 250 });
  expect(await org.results(id, "successfulResults")).toHaveLength(251);
  const left = (await org.results(id, "unprocessedrecords")).slice(1).map((row) => row[0]);
  expect(left).toHaveLength(350);
  expect([left[0], left.at(-1)]).toEqual(["bulk-1250", "bulk-1599"]);
});

test("locked rows say so and go through when they are sent again", async () => {
  await strike("lock_rows", { percent: 20 }, {});
  const csv = rows(2_000, 2_400);
  const first = await org.submit(insert, csv);
  await org.ended(first);
  const locked = (await org.results(first, "failedResults")).slice(1);
  expect(locked.length).toBeGreaterThan(20);
  expect(locked[0]?.[1]).toMatch(/^UNABLE_TO_LOCK_ROW:unable to obtain exclusive access/);
  const again = locked.map((row) => `${row[2]},${row[3]}`).join("\n");
  const second = await org.submit(insert, `Source_Key__c,Name\n${again}\n`);
  expect(await org.ended(second)).toMatchObject({ numberRecordsFailed: 0 });
});

test("exactly the planted rows of a batch are refused", async () => {
  await strike("refuse_rows", { rows: 3 });
  const id = await org.submit(insert, rows(3_000, 3_010));
  expect(await org.ended(id)).toMatchObject({ numberRecordsProcessed: 10, numberRecordsFailed: 3 });
});

test("a 503 on the upload leaves the job open and empty; a session that dies there answers 401", async () => {
  const match = { method: "PUT", path: "/batches", count: 1 };
  const { json } = await org.rest("POST", "/jobs/ingest", insert);
  const path = `/jobs/ingest/${json.id}`;
  await strike("status", { status: 503 }, match);
  expect((await org.rest("PUT", `${path}/batches`, rows(0, 2_000))).status).toBe(503);
  await strike("expire_session", {}, match);
  const dead = await org.rest("PUT", `${path}/batches`, rows(0, 2_000));
  expect([dead.status, dead.json[0].errorCode]).toEqual([401, "INVALID_SESSION_ID"]);
  await org.signIn();
  expect((await org.rest("GET", path)).json.state).toBe("Open");
  expect((await org.rest("PUT", `${path}/batches`, rows(4_000, 4_001))).status).toBe(201);
});

test("a job under way goes on after a restart, each row once", async () => {
  await org.admin("POST", "settings", { processing: { queueMs: 200 } });
  const id = await org.submit(insert, rows(10_000, 22_500));
  await org.restart();
  expect(await org.ended(id)).toMatchObject({
    state: "JobComplete",
    numberRecordsProcessed: 12_500,
    numberRecordsFailed: 0,
  });
  const keys = (await org.results(id, "successfulResults")).slice(1).map((row) => row[2] ?? "");
  expect(new Set(keys).size).toBe(12_500);
  await org.admin("POST", "settings", fast);
  const { json } = await org.rest("GET", "/limits");
  const { Max, Remaining } = json.DailyBulkApiBatches;
  expect(Max - Remaining).toBeGreaterThan(2);
});

test("when the day's batches are used up a job fails and its rows stay unprocessed", async () => {
  await org.admin("POST", "settings", { limits: { DailyBulkApiBatches: 1 } });
  const id = await org.submit(insert, rows(30_000, 30_002));
  expect(await org.ended(id)).toMatchObject({ state: "Failed", numberRecordsProcessed: 0 });
  expect(await org.results(id, "unprocessedrecords")).toHaveLength(3);
  await org.admin("POST", "settings", { limits: { DailyBulkApiBatches: 15_000 } });
});
