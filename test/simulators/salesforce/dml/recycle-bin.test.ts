import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";
import { type Rows, rowsOf } from "../rows.ts";

let org: OrgClient;
let rows: Rows;
beforeAll(async () => {
  org = await openOrgClient();
  rows = rowsOf(org);
});
afterAll(() => org.close());

/** A SOAP call of the partner API; the text of its reply. */
async function soap(body: string): Promise<string> {
  const envelope = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Header><SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>${org.token}</sessionId></SessionHeader></Header><Body>${body}</Body></Envelope>`;
  const headers = { "content-type": "text/xml", soapaction: '""' };
  return (await org.call("POST", "/services/Soap/u/59.0", envelope, headers)).text;
}

const undelete = (id: string): Promise<string> =>
  soap(`<undelete xmlns="urn:partner.soap.sforce.com"><ids>${id}</ids></undelete>`);

const gone = { errorCode: "ENTITY_IS_DELETED" };

test("undeleting a row brings back what its deletion took along, and nothing else", async () => {
  const account = await rows.create("Account", { Name: "Acme", Source_Key__c: "bin-1" });
  const contact = await rows.create("Contact", { LastName: "Doe", AccountId: account });
  const earlier = await rows.create("Contact", { LastName: "Roe", AccountId: account });
  await rows.remove("Contact", earlier);
  await rows.remove("Account", account);
  expect(await rows.read("Contact", contact)).toMatchObject([gone]);
  expect(await undelete(account)).toContain("<success>true</success>");
  expect(await rows.read("Account", account)).toMatchObject({ Source_Key__c: "bin-1" });
  expect(await rows.read("Contact", contact)).toMatchObject({ AccountId: account });
  expect(await rows.read("Contact", earlier)).toMatchObject([gone]);
  expect(await undelete(account)).toContain("<statusCode>UNDELETE_FAILED</statusCode>");
});

test("undeleting fails when the key has gone to another row", async () => {
  const first = await rows.create("Account", { Name: "A", Source_Key__c: "bin-2" });
  await rows.remove("Account", first);
  await rows.create("Account", { Name: "B", Source_Key__c: "bin-2" });
  expect(await undelete(first)).toContain("<statusCode>DUPLICATE_VALUE</statusCode>");
});

test("emptying the bin drops a row for good; what was deleted is told of for 30 days", async () => {
  const id = await rows.create("Account", { Name: "A" });
  await rows.remove("Account", id);
  const reply = await soap(
    `<emptyRecycleBin xmlns="urn:partner.soap.sforce.com"><ids>${id}</ids></emptyRecycleBin>`,
  );
  expect(reply).toContain("<success>true</success>");
  expect(await rows.read("Account", id)).toMatchObject([{ errorCode: "NOT_FOUND" }]);
  expect(await undelete(id)).toContain("<success>false</success>");
  const now = Date.parse((await org.admin("GET", "clock")).json.now);
  const span = `start=${new Date(now - 60_000).toISOString()}&end=${new Date(now + 60_000).toISOString()}`;
  const { json } = await org.rest("GET", `/sobjects/Account/deleted/?${span}`);
  expect(json.deletedRecords.map((one: { id: string }) => one.id)).toContain(id);
});

test("a case takes its comments, team, events and file links along; its child case loses its parent", async () => {
  const job = await rows.create("Case", {});
  const child = await rows.create("Case", { ParentId: job });
  const comment = await rows.create("CaseComment", { ParentId: job, CommentBody: "x" });
  const event = await rows.create("Event", {
    WhatId: job,
    StartDateTime: "2026-01-01T00:00:00Z",
    DurationInMinutes: 1,
  });
  await rows.remove("Case", job);
  expect(await rows.read("CaseComment", comment)).toMatchObject([gone]);
  expect(await rows.read("Event", event)).toMatchObject([gone]);
  expect(await rows.read("Case", child)).toMatchObject({ ParentId: null });
});

test("merging moves the children and leaves the losers in the bin, naming their master", async () => {
  const master = await rows.create("Account", { Name: "Master" });
  const loser = await rows.create("Account", { Name: "Loser" });
  const job = await rows.create("Case", { AccountId: loser });
  const reply = await soap(
    `<merge xmlns="urn:partner.soap.sforce.com"><request><masterRecord><type>Account</type><Id>${master}</Id></masterRecord><recordToMergeIds>${loser}</recordToMergeIds></request></merge>`,
  );
  expect(reply).toContain("<success>true</success>");
  expect(await rows.read("Case", job)).toMatchObject({ AccountId: master });
  const soql = `SELECT MasterRecordId, IsDeleted FROM Account WHERE Id = '${loser}'`;
  const all = await org.rest("GET", `/queryAll?q=${encodeURIComponent(soql)}`);
  expect(all.json.records).toMatchObject([{ MasterRecordId: master, IsDeleted: true }]);
});
