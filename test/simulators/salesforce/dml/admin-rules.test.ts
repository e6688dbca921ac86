import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";
import { type Rows, rowsOf } from "../rows.ts";

let org: OrgClient;
let rows: Rows;
beforeAll(async () => {
  org = await openOrgClient();
  rows = rowsOf(org);
});
afterEach(() => settings({ rules: [], duplicateRules: [], inactiveOwners: false }));
afterAll(() => org.close());

async function settings(patch: object): Promise<void> {
  expect((await org.admin("POST", "settings", patch)).status).toBe(200);
}

test("a duplicate rule that blocks says what it found; one that alerts lets a client save by header, never a bulk job", async () => {
  const first = await rows.create("Contact", { LastName: "Twin", Email: "twin@q.example" });
  const rule = { object: "Contact", fields: ["Email", "LastName"] };
  const twin = { LastName: "TWIN", Email: "twin@q.example" };
  const save = { "sforce-duplicate-rule-header": "allowSave=true" };
  await settings({ duplicateRules: [{ ...rule, action: "block" }] });
  expect((await org.rest("POST", "/sobjects/Contact", twin, save)).status).toBe(400);
  await settings({ duplicateRules: [{ ...rule, action: "alert" }] });
  expect(await rows.refusal("Contact", twin)).toMatchObject({
    errorCode: "DUPLICATES_DETECTED",
    message: "Use one of these records?",
    duplicateResult: {
      allowSave: true,
      duplicateRuleEntityType: "Contact",
      matchResults: [{ matchRecords: [{ record: { Id: first } }] }],
    },
  });
  const order = { object: "Contact", operation: "insert" };
  const job = await org.submit(order, "LastName,Email\nTwin,twin@q.example\n");
  expect(await org.ended(job)).toMatchObject({ numberRecordsFailed: 1 });
  const failed = await org.rest("GET", `/jobs/ingest/${job}/failedResults`);
  expect(failed.text).toContain("DUPLICATES_DETECTED:Use one of these records?:--");
  expect((await org.rest("POST", "/sobjects/Contact", twin, save)).status).toBe(201);
});

test("a validation rule and a trigger refuse rows with their own words, over several lines", async () => {
  const message = "Trg: execution of BeforeInsert\n\ncaused by: System.Exception: no\nline 2";
  await settings({
    rules: [
      {
        object: "Case",
        field: "Subject",
        matches: "^Bad",
        message: "No: bad",
        fields: ["Subject"],
      },
      { object: "Account", on: "insert", code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message },
    ],
  });
  expect(await rows.refusal("Case", { Subject: "Bad one" })).toEqual({
    errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    message: "No: bad",
    fields: ["Subject"],
  });
  await rows.create("Case", { Subject: "Good one" });
  expect(await rows.refusal("Account", { Name: "A" })).toMatchObject({
    errorCode: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    message,
  });
});

test("with the permission an inactive user may own accounts and events, not cases; without it such rows cannot be changed", async () => {
  const { json } = await org.admin("POST", "users", { users: [{ email: "left@q.example" }] });
  const [left] = json.ids;
  const kept = await rows.create("Account", { Name: "Kept", OwnerId: left });
  await org.admin("POST", "users", { users: [{ email: "left@q.example", active: false }] });
  const change = await rows.update("Account", kept, { Phone: "1" });
  expect(change.json[0].errorCode).toBe("INACTIVE_OWNER_OR_USER");
  await settings({ inactiveOwners: true });
  expect((await rows.update("Account", kept, { Phone: "1" })).status).toBe(204);
  await rows.create("Account", { Name: "New", OwnerId: left });
  expect(await rows.refusal("Case", { OwnerId: left })).toMatchObject({
    errorCode: "INACTIVE_OWNER_OR_USER",
  });
});

test("setup objects and data do not share a transaction; a user's other fields may", async () => {
  const { json } = await org.query("SELECT Id FROM User LIMIT 1");
  const [user] = json.records;
  const account = {
    method: "POST",
    url: "/services/data/v59.0/sobjects/Account",
    referenceId: "a",
    body: { Name: "Mixed" },
  };
  const send = async (body: object): Promise<boolean[]> => {
    const url = `/services/data/v59.0/sobjects/User/${user.Id}`;
    const change = { method: "PATCH", url, referenceId: "u", body };
    const order = { allOrNone: true, compositeRequest: [account, change] };
    const reply = await org.rest("POST", "/composite", order);
    return reply.json.compositeResponse.map((one: { body: object }) =>
      JSON.stringify(one.body ?? "").includes("MIXED_DML_OPERATION"),
    );
  };
  expect(await send({ IsActive: true })).toContain(true);
  expect(await send({ FirstName: "Ada" })).toEqual([false, false]);
});

test("a full data storage refuses new rows, not changes; deleted rows count until they leave the bin", async () => {
  const account = await rows.create("Account", { Name: "Last" });
  await settings({ limits: { DataStorageMB: 0 } });
  expect(await rows.refusal("Account", { Name: "More" })).toMatchObject({
    errorCode: "STORAGE_LIMIT_EXCEEDED",
  });
  expect((await rows.update("Account", account, { Phone: "1" })).status).toBe(204);
  await settings({ limits: { DataStorageMB: 10_240 } });
});

test("users are not deleted, and no more of them are active than there are licences", async () => {
  const profile = (await rows.select("SELECT Id FROM Profile LIMIT 1"))[0].Id;
  const person = { LastName: "X", Email: "x@q.example", Alias: "x", ProfileId: profile };
  const user = await rows.create("User", { ...person, Username: "x1@q.example" });
  expect((await rows.remove("User", user)).json[0].errorCode).toBe("INVALID_TYPE_FOR_OPERATION");
  await settings({ limits: { UserLicenses: 1 } });
  expect(await rows.refusal("User", { ...person, Username: "x2@q.example" })).toMatchObject({
    errorCode: "LICENSE_LIMIT_EXCEEDED",
  });
  await rows.create("User", { ...person, Username: "x2@q.example", IsActive: false });
  await settings({ limits: { UserLicenses: 1_000 } });
});

test("the digest covers files, comments, links and junctions, and knows no order", async () => {
  const digest = async (): Promise<string> => (await org.admin("GET", "digest")).json.digest;
  const job = await rows.create("Case", { Source_Key__c: "job-d" });
  const before = await digest();
  const add = async (first: string, second: string): Promise<void> => {
    for (const text of [first, second]) {
      await rows.create("CaseComment", { ParentId: job, CommentBody: text });
      await rows.create("ContentVersion", {
        PathOnClient: `${text}.txt`,
        VersionData: Buffer.from(text).toString("base64"),
        FirstPublishLocationId: job,
      });
    }
  };
  const clear = async (): Promise<void> => {
    for (const object of ["CaseComment", "ContentDocument"]) {
      const found = await rows.select(`SELECT Id FROM ${object}`);
      for (const { Id } of found) await rows.remove(object, Id);
    }
  };
  await add("one", "two");
  const full = await digest();
  expect(full).not.toBe(before);
  await clear();
  expect(await digest()).toBe(before);
  await add("two", "one");
  expect(await digest()).toBe(full);
  const snapshot = await (await fetch(`${org.ready.admin}/snapshot`)).text();
  expect(snapshot).toContain('"LinkedEntityId":"job-d"');
  await org.restart();
  await org.signIn();
  expect(await digest()).toBe(full);
});
