import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
let set = "";
beforeAll(async () => {
  org = await openOrgClient();
  const hidden = [
    { name: "Plain__c", type: "Text", length: 10, granted: false },
    { name: "Flag__c", type: "Checkbox", granted: false },
    { name: "Must__c", type: "Text", length: 10, required: true, granted: false },
  ];
  const objects = [{ name: "Thing__c", granted: false, fields: hidden }];
  await org.admin("POST", "schema", { objects });
  set = await created("PermissionSet", { Name: "Extra", Label: "Extra" });
});
afterAll(() => org.close());

async function created(object: string, fields: object): Promise<string> {
  const { status, json } = await org.rest("POST", `/sobjects/${object}`, fields);
  expect({ status, json }).toMatchObject({ status: 201 });
  return json.id;
}

async function code(object: string, fields: object): Promise<string> {
  return (await org.rest("POST", `/sobjects/${object}`, fields)).json[0]?.errorCode;
}

function fieldGrant(name: string, more: object = {}): object {
  return {
    ParentId: set,
    SobjectType: "Thing__c",
    Field: `Thing__c.${name}`,
    PermissionsRead: true,
    PermissionsEdit: true,
    ...more,
  };
}

async function ownId(): Promise<string> {
  const { json } = await org.query(`SELECT Id FROM User WHERE Username = '${org.ready.user}'`);
  return json.records[0].Id;
}

async function things(token = org.token): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return org.rest("GET", "/sobjects/Thing__c/describe", undefined, headers);
}

function names({ json }: Answer): string[] {
  return json.fields.map((one: { name: string }) => one.name);
}

test("a field grant is taken once, of a field that can be granted, and no edit goes without read", async () => {
  await created("FieldPermissions", fieldGrant("Plain__c"));
  expect(await code("FieldPermissions", fieldGrant("Plain__c"))).toBe("DUPLICATE_VALUE");
  const wrong = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
  expect(await code("FieldPermissions", fieldGrant("Nothing__c"))).toBe(wrong);
  expect(await code("FieldPermissions", fieldGrant("Must__c"))).toBe(wrong);
  const blind = fieldGrant("Flag__c", { PermissionsRead: false });
  expect(await code("FieldPermissions", blind)).toBe("FIELD_INTEGRITY_EXCEPTION");
  const assignment = { PermissionSetId: set, AssigneeId: await ownId() };
  expect(names(await things())).not.toContain("Plain__c");
  const id = await created("PermissionSetAssignment", assignment);
  expect(await code("PermissionSetAssignment", assignment)).toBe("DUPLICATE_VALUE");
  const seen = names(await things());
  expect(seen).toContain("Plain__c");
  expect(seen).not.toContain("Flag__c");
  // Nobody can be kept from a field that every row must have.
  expect(seen).toContain("Must__c");
  await org.rest("DELETE", `/sobjects/PermissionSetAssignment/${id}`);
  expect(names(await things())).not.toContain("Plain__c");
});

test("an object that was granted to nobody is not there for a plain user, and its rows open by degrees", async () => {
  const users = [{ email: "plain@q.example", password: "pass" }];
  const plain = (await org.admin("POST", "users", { users })).json.ids[0];
  const { client_id, client_secret, http } = org.ready;
  const form = { client_id, client_secret, username: "plain@q.example", password: "pass" };
  const body = new URLSearchParams({ grant_type: "password", ...form });
  const signed = await fetch(`${http}/services/oauth2/token`, { method: "POST", body });
  const { access_token } = (await signed.json()) as { access_token: string };
  const as = { authorization: `Bearer ${access_token}` };
  const query = "/query?q=SELECT+Id+FROM+Thing__c";
  const insert = (): Promise<Answer> =>
    org.rest("POST", "/sobjects/Thing__c", { Must__c: "x" }, as);
  expect((await things(access_token)).status).toBe(404);
  expect((await org.rest("GET", query, undefined, as)).json[0].errorCode).toBe("INVALID_TYPE");
  expect((await insert()).status).toBe(404);
  const grant = { ParentId: set, SobjectType: "Thing__c", PermissionsRead: true };
  const id = await created("ObjectPermissions", grant);
  expect(await code("ObjectPermissions", grant)).toBe("DUPLICATE_VALUE");
  await created("PermissionSetAssignment", { PermissionSetId: set, AssigneeId: plain });
  expect((await things(access_token)).json).toMatchObject({ createable: false, updateable: false });
  expect((await insert()).json[0].errorCode).toBe("INSUFFICIENT_ACCESS_OR_READONLY");
  await org.rest("PATCH", `/sobjects/ObjectPermissions/${id}`, { PermissionsCreate: true });
  const made = await insert();
  expect(made.status).toBe(201);
  const path = `/sobjects/Thing__c/${made.json.id}`;
  expect((await org.rest("DELETE", path, undefined, as)).json[0].errorCode).toBe(
    "INSUFFICIENT_ACCESS_OR_READONLY",
  );
  // Who may modify all data needs no grant of the object.
  expect((await org.rest("DELETE", path)).status).toBe(204);
});

test("a grant takes its time to spread where the org is set so", async () => {
  // What was granted so far has long spread by then.
  await org.admin("POST", "clock", { advance_ms: 60_000 });
  await org.admin("POST", "settings", { grantDelayMs: 5_000 });
  const own = await created("PermissionSet", { Name: "Slow", Label: "Slow" });
  await created("FieldPermissions", fieldGrant("Flag__c", { ParentId: own }));
  const assignment = { PermissionSetId: own, AssigneeId: await ownId() };
  await created("PermissionSetAssignment", assignment);
  expect(names(await things())).not.toContain("Flag__c");
  await org.admin("POST", "clock", { advance_ms: 6_000 });
  expect(names(await things())).toContain("Flag__c");
  await org.admin("POST", "settings", { grantDelayMs: 0 });
});

test("hard delete, audit stamps and a session end with the permission or the user", async () => {
  const job = { object: "Account", operation: "hardDelete" };
  const refused = await org.rest("POST", "/jobs/ingest", job);
  expect(refused.json[0].errorCode).toBe("FEATURENOTENABLED");
  const found = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Cutover_Integration'");
  const own = `/sobjects/PermissionSet/${found.json.records[0].Id}`;
  const change = { PermissionsBulkApiHardDelete: true, PermissionsCreateAuditFields: false };
  expect((await org.rest("PATCH", own, change)).status).toBe(204);
  expect((await org.rest("POST", "/jobs/ingest", job)).status).toBe(200);
  const dated = { Name: "A", CreatedDate: "2020-01-01T00:00:00Z" };
  expect(await code("Account", dated)).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
  const users = [{ email: org.ready.user, username: org.ready.user, active: false }];
  await org.admin("POST", "users", { users });
  expect((await org.rest("GET", "/limits")).status).toBe(401);
});
