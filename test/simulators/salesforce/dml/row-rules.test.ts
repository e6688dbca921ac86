import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
let account = "";
beforeAll(async () => {
  org = await openOrgClient();
  account = await created("Account", { Name: "Acme", Source_Key__c: "customer-1" });
});
afterAll(() => org.close());

async function created(object: string, fields: object): Promise<string> {
  const { status, json } = await org.rest("POST", `/sobjects/${object}`, fields);
  expect({ status, json }).toMatchObject({ status: 201 });
  return json.id;
}

async function refusal(object: string, fields: object): Promise<Answer["json"]> {
  const { status, json } = await org.rest("POST", `/sobjects/${object}`, fields);
  expect(status).toBe(400);
  return json[0];
}

async function row(object: string, id: string): Promise<Answer["json"]> {
  return (await org.rest("GET", `/sobjects/${object}/${id}`)).json;
}

test("required fields, lengths, restricted picklists, numbers and e-mails are checked with their codes", async () => {
  expect(await refusal("Contact", { FirstName: "A" })).toEqual({
    message: "Required fields are missing: [LastName]",
    errorCode: "REQUIRED_FIELD_MISSING",
    fields: ["LastName"],
  });
  expect(await refusal("Account", { Name: "x".repeat(256) })).toMatchObject({
    errorCode: "STRING_TOO_LONG",
    message: expect.stringMatching(/data value too large: x+ \(max length=255\)$/),
    fields: ["Name"],
  });
  expect(await refusal("Case", { Work_Order_Status__c: "Odd" })).toMatchObject({
    errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    message: expect.stringContaining("bad value for restricted picklist field: Odd"),
  });
  expect(await refusal("Case", { Total__c: 1e17 })).toMatchObject({
    errorCode: "NUMBER_OUTSIDE_VALID_RANGE",
  });
  expect(await refusal("Contact", { LastName: "A", Email: "no mail" })).toMatchObject({
    errorCode: "INVALID_EMAIL_ADDRESS",
    message: "Email: invalid email address: no mail",
  });
});

test("an unrestricted picklist takes any value", async () => {
  const id = await created("Case", { Origin: "Carrier pigeon" });
  expect(await row("Case", id)).toMatchObject({ Origin: "Carrier pigeon" });
});

test("edges are trimmed, empty text is null, money is rounded at its scale", async () => {
  const id = await created("Case", { Subject: "  a b \n", Origin: "", Total__c: 1.005 });
  expect(await row("Case", id)).toMatchObject({ Subject: "a b", Origin: null, Total__c: 1.01 });
});

test("unknown columns, read-only columns, wrong JSON types and Id on create fail the request", async () => {
  expect(await refusal("Account", { Name: "A", Z: 1 })).toMatchObject({
    errorCode: "INVALID_FIELD",
    message: "No such column 'Z' on sobject of type Account",
  });
  expect(await refusal("Case", { IsClosed: true })).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
    fields: ["IsClosed"],
  });
  expect(await refusal("Case", { Scheduled_At__c: "2026-01-01" })).toMatchObject({
    errorCode: "JSON_PARSER_ERROR",
  });
  expect(await refusal("Account", { Id: account, Name: "A" })).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
  });
});

test("a unique key is taken whatever its case, and the refusal names the row that has it", async () => {
  expect(await refusal("Account", { Name: "B", Source_Key__c: "CUSTOMER-1" })).toMatchObject({
    errorCode: "DUPLICATE_VALUE",
    message: `duplicate value found: Source_Key__c duplicates value on record with id: ${account}`,
  });
});

test("a lookup must be well-formed, of the right object, there, and not deleted", async () => {
  expect(await refusal("Case", { AccountId: "abc" })).toMatchObject({ errorCode: "MALFORMED_ID" });
  const contact = await created("Contact", { LastName: "C" });
  expect(await refusal("Case", { AccountId: contact })).toMatchObject({
    errorCode: "MALFORMED_ID",
    message: expect.stringContaining("id value of incorrect type"),
  });
  const gone = await created("Account", { Name: "Gone" });
  await org.rest("DELETE", `/sobjects/Account/${gone}`);
  expect(await refusal("Case", { AccountId: gone })).toMatchObject({
    errorCode: "ENTITY_IS_DELETED",
  });
  expect(await refusal("Case", { Account: { Source_Key__c: "nobody" } })).toMatchObject({
    errorCode: "INVALID_FIELD",
    message: "Foreign key external ID: nobody not found for field Source_Key__c in entity Account",
  });
});

test("audit stamps are set by an insert under the permission, and by nothing else", async () => {
  const stamps = { CreatedDate: "2020-01-02T03:04:05Z", LastModifiedDate: "2020-02-02T03:04:05Z" };
  const id = await created("Account", { Name: "Old", ...stamps });
  expect(await row("Account", id)).toMatchObject({
    CreatedDate: "2020-01-02T03:04:05.000+0000",
    LastModifiedDate: "2020-02-02T03:04:05.000+0000",
  });
  const update = await org.rest("PATCH", `/sobjects/Account/${id}`, stamps);
  expect(update.json[0]).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
    fields: ["CreatedDate", "LastModifiedDate"],
  });
  const upsert = await org.rest("PATCH", "/sobjects/Account/Source_Key__c/new", {
    Name: "N",
    ...stamps,
  });
  expect(upsert.json[0].errorCode).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
  expect(
    await refusal("Account", { Name: "F", CreatedDate: "2099-01-01T00:00:00Z" }),
  ).toMatchObject({
    errorCode: "FIELD_INTEGRITY_EXCEPTION",
  });
  await org.admin("POST", "settings", { auditFields: false });
  expect(await refusal("Account", { Name: "P", ...stamps })).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
  });
  await org.admin("POST", "settings", { auditFields: true });
});

test("a status of CaseStatus closes a case; its close time is taken on insert of a closed case only", async () => {
  const closed = { Status: "Closed", CreatedDate: "2020-01-01T00:00:00Z" };
  const at = "2020-03-01T00:00:00Z";
  const old = await created("Case", { ...closed, ClosedDate: at });
  expect(await row("Case", old)).toMatchObject({
    IsClosed: true,
    ClosedDate: "2020-03-01T00:00:00.000+0000",
  });
  expect(await refusal("Case", { Status: "New", ClosedDate: at })).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
  });
  const open = await created("Case", {});
  expect(await row("Case", open)).toMatchObject({
    Status: "New",
    IsClosed: false,
    ClosedDate: null,
  });
  await org.rest("PATCH", `/sobjects/Case/${open}`, { Status: "Closed" });
  const now = await row("Case", open);
  expect(now).toMatchObject({ IsClosed: true, ClosedDate: now.LastModifiedDate });
});

test("a case takes its account from its contact, a number of its own, and a contact its whole name", async () => {
  const contact = await created("Contact", { FirstName: "Ada", LastName: "L", AccountId: account });
  expect(await row("Contact", contact)).toMatchObject({ Name: "Ada L" });
  const id = await created("Case", { ContactId: contact });
  expect(await row("Case", id)).toMatchObject({
    AccountId: account,
    CaseNumber: expect.stringMatching(/^\d{8}$/),
  });
});

test("owners must be active users who can own rows; a case may belong to a queue only where it is listed", async () => {
  const { json } = await org.admin("POST", "users", {
    users: [
      { email: "on@q.example" },
      { email: "off@q.example", active: false },
      { email: "chat@q.example", userType: "CsnOnly" },
    ],
  });
  const [on, off, chat] = json.ids;
  await created("Case", { OwnerId: on });
  expect(await refusal("Case", { OwnerId: off })).toMatchObject({
    errorCode: "INACTIVE_OWNER_OR_USER",
    message: expect.stringContaining(`operation performed with inactive user [${off}]`),
  });
  expect(await refusal("Account", { Name: "A", OwnerId: chat })).toMatchObject({
    errorCode: "OP_WITH_INVALID_USER_TYPE_EXCEPTION",
  });
  const again = await org.admin("POST", "users", { users: [{ email: "on@q.example" }] });
  expect(again.json.ids).toEqual([on]);
  const queue = await created("Group", { Name: "Field", Type: "Queue" });
  expect(await refusal("Case", { OwnerId: queue })).toMatchObject({
    errorCode: "INVALID_CROSS_REFERENCE_KEY",
  });
  await created("QueueSobject", { QueueId: queue, SobjectType: "Case" });
  await created("Case", { OwnerId: queue });
});

test("an account with cases, a case with lines and a contact with cases cannot be deleted; contacts go with their account", async () => {
  const parent = await created("Account", { Name: "Parent" });
  const contact = await created("Contact", { LastName: "C", AccountId: parent });
  const job = await created("Case", { AccountId: parent });
  const line = await created("Work_Order_Line_Item__c", { Case__c: job });
  const remove = (object: string, id: string): Promise<Answer> =>
    org.rest("DELETE", `/sobjects/${object}/${id}`);
  const held = await remove("Account", parent);
  expect(held.status).toBe(400);
  expect(held.json[0]).toMatchObject({
    errorCode: "DELETE_FAILED",
    message: expect.stringContaining("associated with the following cases"),
  });
  expect((await remove("Case", job)).json[0].errorCode).toBe("DELETE_FAILED");
  expect((await remove("Work_Order_Line_Item__c", line)).status).toBe(204);
  expect((await remove("Case", job)).status).toBe(204);
  expect((await remove("Account", parent)).status).toBe(204);
  const second = await remove("Account", parent);
  expect([second.status, second.json[0].errorCode]).toEqual([404, "ENTITY_IS_DELETED"]);
  expect((await org.rest("GET", `/sobjects/Contact/${contact}`)).json[0].errorCode).toBe(
    "ENTITY_IS_DELETED",
  );
});

test("a deleted row frees its key, and leaves the recycle bin after 15 days", async () => {
  const first = await created("Account", { Name: "A", Source_Key__c: "reborn" });
  await org.rest("DELETE", `/sobjects/Account/${first}`);
  const second = await created("Account", { Name: "A", Source_Key__c: "reborn" });
  expect(second).not.toBe(first);
  await org.admin("POST", "clock", { advance_ms: 16 * 86_400_000 });
  await org.signIn();
  expect((await org.rest("GET", `/sobjects/Account/${first}`)).json[0].errorCode).toBe("NOT_FOUND");
});

test("SystemModstamp grows with every commit, and a tampered row shows another user's hand", async () => {
  const id = await created("Account", { Name: "T", Source_Key__c: "tampered" });
  const before = await row("Account", id);
  const counted = (await org.admin("GET", "counters")).json.requests;
  await org.admin("POST", "tamper", { object: "Account", key: "tampered", set: { Phone: "1" } });
  expect((await org.admin("GET", "counters")).json.requests).toBe(counted);
  const after = await row("Account", id);
  expect(after.Phone).toBe("1");
  expect(after.SystemModstamp > before.SystemModstamp).toBe(true);
  expect(after.LastModifiedById).not.toBe(before.LastModifiedById);
  await org.admin("POST", "tamper", { object: "Account", id, delete: true });
  expect((await org.rest("GET", `/sobjects/Account/${id}`)).status).toBe(404);
});
