import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
beforeEach(() => org.admin("DELETE", "faults"));
afterAll(() => org.close());

const insert = { object: "Account", operation: "insert" };
const plan = (...faults: object[]): Promise<unknown> => org.admin("POST", "faults", { faults });
const hits = async (): Promise<number[]> =>
  (await org.admin("GET", "faults")).json.rules.map(({ hits: struck }: { hits: number }) => struck);

test("job and content in one multipart request make a job that is closed at once", async () => {
  const job = JSON.stringify({ ...insert, columnDelimiter: "SEMICOLON" });
  const body = [
    "--cut",
    'Content-Type: application/json\r\nContent-Disposition: form-data; name="job"',
    "",
    job,
    "--cut",
    'Content-Type: text/csv\r\nContent-Disposition: form-data; name="content"; filename="rows.csv"',
    "",
    'Source_Key__c;Name\nmulti-1;One\nmulti-2;"Two\nlines"\n',
    "--cut--",
    "",
  ].join("\r\n");
  const made = await org.rest("POST", "/jobs/ingest", body, {
    "content-type": "multipart/form-data; boundary=cut",
  });
  expect(made.json).toMatchObject({ state: "UploadComplete", columnDelimiter: "SEMICOLON" });
  expect(await org.ended(made.json.id)).toMatchObject({
    state: "JobComplete",
    numberRecordsProcessed: 2,
    numberRecordsFailed: 0,
  });
});

test("every delimiter is read and answered as the job says", async () => {
  const signs = { COMMA: ",", TAB: "\t", PIPE: "|", SEMICOLON: ";", CARET: "^", BACKQUOTE: "`" };
  for (const [columnDelimiter, sign] of Object.entries(signs)) {
    const csv = ["Source_Key__c,Name", `d-${columnDelimiter},x`, ""].join("\n");
    const order = { ...insert, columnDelimiter };
    const id = await org.submit(order, csv.replaceAll(",", sign));
    expect(await org.ended(id)).toMatchObject({ numberRecordsFailed: 0 });
    const { text } = await org.rest("GET", `/jobs/ingest/${id}/successfulResults`);
    expect(text.split("\n")[0]).toBe(
      ["sf__Id", "sf__Created", "Source_Key__c", "Name"].map((name) => `"${name}"`).join(sign),
    );
  }
  const refused = await org.rest("POST", "/jobs/ingest", { ...insert, columnDelimiter: "SPACE" });
  expect(refused.json[0].errorCode).toBe("CLIENTINPUTERROR");
});

test("jobs are listed newest first, page by page, and by the type that was asked for", async () => {
  await plan({ kind: "small_pages", on: "jobs", rows: 3 });
  const ids: string[] = [];
  let path = "/services/data/v59.0/jobs/ingest?jobType=V2Ingest&queryLocator=";
  for (;;) {
    const { json } = await org.call("GET", path);
    expect(json.records.length).toBeLessThanOrEqual(3);
    ids.push(...json.records.map((job: { id: string }) => job.id));
    expect(json.done).toBe(json.nextRecordsUrl === null);
    if (json.done) break;
    path = json.nextRecordsUrl;
  }
  expect(ids.length).toBeGreaterThanOrEqual(7);
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  const classic = await org.rest("GET", "/jobs/ingest?jobType=Classic");
  expect(classic.json).toEqual({ done: true, records: [], nextRecordsUrl: null });
});

test("a lookup named by id and by key at once fails its row, whichever comes first", async () => {
  const parent = (await org.query("SELECT Id FROM Account WHERE Source_Key__c = 'multi-1'")).json;
  const id = parent.records[0].Id;
  for (const [columns, cells] of [
    ["AccountId,Account.Source_Key__c", `${id},multi-1`],
    ["Account.Source_Key__c,AccountId", `multi-1,${id}`],
  ]) {
    const job = await org.submit(
      { object: "Case", operation: "insert" },
      `Subject,${columns}\nboth,${cells}\n`,
    );
    await org.ended(job);
    expect((await org.results(job, "failedResults"))[1]?.[1]).toMatch(/^INVALID_FIELD:.*AccountId/);
  }
});

test("a cell or a record that is too long fails the job", async () => {
  const why = async (csv: string): Promise<string> =>
    (await org.ended(await org.submit(insert, csv))).errorMessage;
  expect(await why(`Name\n${"x".repeat(131_073)}\n`)).toContain("Field is longer than 131072");
  const wide = ["Name", "Description", "BillingStreet", "Phone"];
  const cells = wide.map(() => "y".repeat(110_000)).join(",");
  expect(await why(`${wide.join(",")}\n${cells}\n`)).toContain("Record is longer than 400000");
});

test("a session that ends in mid-upload answers 401, is over for every call, and leaves the job open and empty", async () => {
  await plan({ kind: "expire_in_upload", on: "^PUT .*/batches", count: 1, bytes: 4_096 });
  const { json } = await org.rest("POST", "/jobs/ingest", insert);
  const path = `/jobs/ingest/${json.id}`;
  const csv = `Name\n${"Somebody\n".repeat(50_000)}`;
  const dead = await org.rest("PUT", `${path}/batches`, csv);
  expect([dead.status, dead.json[0].errorCode]).toEqual([401, "INVALID_SESSION_ID"]);
  expect((await org.rest("GET", path)).status).toBe(401);
  await org.signIn();
  expect((await org.rest("GET", path)).json.state).toBe("Open");
  expect((await org.rest("PUT", `${path}/batches`, "Name\nOnly\n")).status).toBe(201);
  await org.rest("PATCH", path, { state: "UploadComplete" });
  expect(await org.ended(json.id)).toMatchObject({ numberRecordsProcessed: 1 });
  expect(await hits()).toEqual([1]);
});

test("result files come in another seeded order, or with names in another case, where the plan says so", async () => {
  let csv = "Source_Key__c,Name\n";
  for (let at = 0; at < 500; at++) csv += `order-${at},Row\n`;
  const id = await org.submit(insert, csv);
  await org.ended(id);
  const read = async (): Promise<string[][]> => org.results(id, "successfulResults");
  const keys = (rows: string[][]): string[] => rows.slice(1).map((row) => row[2] ?? "");
  const before = await read();
  await plan({ kind: "shuffle_results", on: id, count: 2, seed: 3 });
  const shuffled = await read();
  expect(keys(shuffled)).not.toEqual(keys(before));
  expect(keys(shuffled).toSorted()).toEqual(keys(before).toSorted());
  expect(keys(await read())).toEqual(keys(shuffled));
  expect(keys(await read())).toEqual(keys(before));
  await plan({ kind: "wrong_case_echo", on: id, count: 1 });
  expect((await read())[0]).toEqual(["sf__Id", "sf__Created", "source_key__c", "name"]);
  expect(await hits()).toEqual([2, 1]);
});

test("a share of the rows that share a parent lose their lock once, and go through when sent again", async () => {
  await plan({ kind: "lock_rows", on: "^Contact", percent: 50, sharing: true });
  const header = "Source_Key__c,LastName,Account.Source_Key__c\n";
  let csv = `${header}alone-1,L,multi-2\n`;
  for (let at = 0; at < 40; at++) csv += `shared-${at},L,multi-1\n`;
  const order = { object: "Contact", operation: "insert" };
  const first = await org.submit(order, csv);
  await org.ended(first);
  const failed = (await org.results(first, "failedResults")).slice(1);
  expect(failed.length).toBeGreaterThan(5);
  expect(failed.length).toBeLessThan(40);
  expect(failed.every((row) => row[1]?.startsWith("UNABLE_TO_LOCK_ROW:"))).toBe(true);
  expect(failed.every((row) => row[2]?.startsWith("shared-"))).toBe(true);
  const again = failed.map((row) => row.slice(2).join(",")).join("\n");
  const second = await org.submit(order, `${header}${again}\n`);
  expect(await org.ended(second)).toMatchObject({ numberRecordsFailed: 0 });
});

test("a fault of a simulator's own kind with a wrong field is refused with the field's name", async () => {
  const refused = await org.admin("POST", "faults", { faults: [{ kind: "hold_job", mss: 1 }] });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("mss");
});

test("a hard delete leaves nothing in the recycle bin, a delete does", async () => {
  const soql = "SELECT Id FROM PermissionSet WHERE Name = 'Cutover_Integration'";
  const own = (await org.query(soql)).json.records[0].Id;
  await org.rest("PATCH", `/sobjects/PermissionSet/${own}`, { PermissionsBulkApiHardDelete: true });
  const made = await org.submit(insert, "Source_Key__c,Name\nhard-1,A\nhard-2,B\n");
  await org.ended(made);
  const ids = (await org.results(made, "successfulResults")).slice(1).map((row) => row[0] ?? "");
  for (const [at, operation] of ["hardDelete", "delete"].entries()) {
    const job = await org.submit({ object: "Account", operation }, `Id\n${ids[at]}\n`);
    expect(await org.ended(job)).toMatchObject({ numberRecordsFailed: 0 });
  }
  const all = encodeURIComponent("SELECT Id FROM Account WHERE Source_Key__c LIKE 'hard-%'");
  const left = (await org.rest("GET", `/queryAll?q=${all}`)).json.records;
  expect(left.map((row: { Id: string }) => row.Id)).toEqual([ids[1]]);
});

test("jobs with their results are gone when the clock has moved seven days", async () => {
  const id = await org.submit(insert, "Name\nOld\n");
  await org.ended(id);
  await org.admin("POST", "clock", { advance_ms: 6 * 86_400_000 });
  await org.signIn();
  expect((await org.rest("GET", `/jobs/ingest/${id}`)).status).toBe(200);
  await org.admin("POST", "clock", { advance_ms: 2 * 86_400_000 });
  await org.signIn();
  expect((await org.rest("GET", `/jobs/ingest/${id}`)).status).toBe(404);
});
