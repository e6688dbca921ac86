import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";
import { type Rows, rowsOf } from "../rows.ts";

let org: OrgClient;
let rows: Rows;
let account = "";
let branch = "";
let job = "";
beforeAll(async () => {
  org = await openOrgClient();
  rows = rowsOf(org);
  account = await rows.create("Account", { Name: "Acme" });
  branch = await rows.create("Account", { Name: "Branch" });
  job = await rows.create("Case", { Subject: "Boiler" });
});
afterAll(() => org.close());

test("a comment is measured in bytes, touches its case, and stays with it", async () => {
  const before = await rows.read("Case", job);
  const old = "2020-01-01T00:00:00.000+0000";
  const id = await rows.create("CaseComment", {
    ParentId: job,
    CommentBody: "ä".repeat(2_000),
    CreatedDate: old,
    LastModifiedDate: old,
  });
  expect(await rows.read("CaseComment", id)).toMatchObject({
    IsPublished: false,
    CreatedDate: old,
  });
  const after = await rows.read("Case", job);
  expect(after.LastModifiedDate > before.LastModifiedDate).toBe(true);
  expect(after.SystemModstamp > before.SystemModstamp).toBe(true);
  const long = { ParentId: job, CommentBody: "ä".repeat(2_001) };
  expect(await rows.refusal("CaseComment", long)).toMatchObject({ errorCode: "STRING_TOO_LONG" });
  expect(await rows.refusal("CaseComment", { CommentBody: "lost" })).toMatchObject({
    errorCode: "REQUIRED_FIELD_MISSING",
  });
  const other = await rows.create("Case", {});
  const moved = await rows.update("CaseComment", id, { ParentId: other });
  expect(moved.json[0].errorCode).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
});

test("Comments on a case become a comment", async () => {
  const id = await rows.create("Case", { Comments: "from the web" });
  expect(await rows.read("Case", id)).toMatchObject({ Comments: null });
  expect(await rows.select(`SELECT CommentBody FROM CaseComment WHERE ParentId = '${id}'`)).toEqual(
    [expect.objectContaining({ CommentBody: "from the web" })],
  );
});

test("a team member has a role, may be a user or a contact, and is there once", async () => {
  const role = await rows.create("CaseTeamRole", { Name: "Helper", AccessLevel: "Read" });
  const { json } = await org.admin("POST", "users", { users: [{ email: "tech@q.example" }] });
  const contact = await rows.create("Contact", { LastName: "Doe" });
  const member = { ParentId: job, MemberId: json.ids[0], TeamRoleId: role };
  await rows.create("CaseTeamMember", member);
  await rows.create("CaseTeamMember", { ...member, MemberId: contact });
  expect(await rows.refusal("CaseTeamMember", member)).toMatchObject({
    errorCode: "DUPLICATE_VALUE",
  });
  expect(
    await rows.refusal("CaseTeamMember", { ParentId: job, MemberId: json.ids[0] }),
  ).toMatchObject({ errorCode: "REQUIRED_FIELD_MISSING", fields: ["TeamRoleId"] });
  const stamped = { ...member, CreatedDate: "2020-01-01T00:00:00Z" };
  expect(await rows.refusal("CaseTeamMember", stamped)).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
  });
});

test("a contact's account is its direct relation, which follows it and goes with nothing else", async () => {
  const contact = await rows.create("Contact", { LastName: "Roe", AccountId: account });
  const relations = (): Promise<object[]> =>
    rows.select(
      `SELECT Id, AccountId, IsDirect, IsActive FROM AccountContactRelation WHERE ContactId = '${contact}' ORDER BY IsDirect DESC`,
    );
  const [direct] = (await relations()) as { Id: string }[];
  expect(direct).toMatchObject({ AccountId: account, IsDirect: true, IsActive: true });
  const twin = { AccountId: account, ContactId: contact };
  expect(await rows.refusal("AccountContactRelation", twin)).toMatchObject({
    errorCode: "DUPLICATE_VALUE",
  });
  await rows.create("AccountContactRelation", {
    AccountId: branch,
    ContactId: contact,
    Roles: "Decision Maker;Site manager",
    StartDate: "2020-01-01",
  });
  expect((await rows.remove("AccountContactRelation", direct?.Id ?? "")).status).toBe(400);
  await rows.update("Contact", contact, { AccountId: branch });
  expect(await relations()).toMatchObject([{ AccountId: branch, IsDirect: true }]);
  await rows.update("Contact", contact, { AccountId: account });
  expect(await relations()).toMatchObject([{ AccountId: account, IsDirect: true }]);
  await rows.update("Contact", contact, { AccountId: null });
  expect(await relations()).toEqual([]);
});
