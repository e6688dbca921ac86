import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";
import { soapCall, type SoapAnswer } from "../soap-call.ts";

let org: OrgClient;
let userId = "";
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());
beforeEach(async () => {
  const { json } = await org.query(`SELECT Id FROM User WHERE Username = '${org.ready.user}'`);
  userId = json.records[0].Id;
});

function metadata(operation: string, inner: string): Promise<SoapAnswer> {
  return soapCall(org, "m/59.0", `<${operation}>${inner}</${operation}>`);
}

function field(fullName: string, inner: string): string {
  return `<metadata xsi:type="CustomField"><fullName>${fullName}</fullName><label>L</label>${inner}</metadata>`;
}

const text = "<type>Text</type><length>64</length>";

async function describedFields(object: string): Promise<Map<string, Answer["json"]>> {
  const { json } = await org.rest("GET", `/sobjects/${object}/describe`);
  return new Map(json.fields.map((one: { name: string }) => [one.name, one]));
}

async function grant(object: string, name: string, edit = true): Promise<void> {
  const set = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Cutover_Integration'");
  const reply = await org.rest("POST", "/sobjects/FieldPermissions", {
    ParentId: set.json.records[0].Id,
    SobjectType: object,
    Field: `${object}.${name}`,
    PermissionsRead: true,
    PermissionsEdit: edit,
  });
  expect({ status: reply.status, json: reply.json }).toMatchObject({ status: 201 });
}

test("a created field is hidden from its creator in describe, SOQL, REST and Bulk until it is granted", async () => {
  const made = await metadata(
    "upsertMetadata",
    field("Account.Q_Id__c", `${text}<externalId>true</externalId><unique>true</unique>`),
  );
  expect(made.all("success")).toEqual(["true"]);
  expect(made.all("created")).toEqual(["true"]);
  expect(
    (
      await metadata(
        "readMetadata",
        "<type>CustomField</type><fullNames>Account.Q_Id__c</fullNames>",
      )
    ).all("length"),
  ).toEqual(["64"]);
  expect((await describedFields("Account")).has("Q_Id__c")).toBe(false);
  expect((await org.query("SELECT Q_Id__c FROM Account")).json[0].errorCode).toBe("INVALID_FIELD");
  const row = { Name: "A", Q_Id__c: "1" };
  expect((await org.rest("POST", "/sobjects/Account", row)).json[0].errorCode).toBe(
    "INVALID_FIELD",
  );
  const job = await org.submit({ object: "Account", operation: "insert" }, "Name,Q_Id__c\nA,1\n");
  expect(await org.ended(job)).toMatchObject({
    state: "Failed",
    errorMessage: "InvalidBatch : Field name not found : Q_Id__c",
  });
  expect((await org.rest("PATCH", "/sobjects/Account/Q_Id__c/1", { Name: "A" })).status).toBe(404);
  await grant("Account", "Q_Id__c");
  expect((await describedFields("Account")).get("Q_Id__c")).toMatchObject({
    externalId: true,
    createable: true,
  });
  expect((await org.rest("PATCH", "/sobjects/Account/Q_Id__c/1", { Name: "A" })).status).toBe(201);
  expect((await org.query("SELECT Id FROM Account WHERE Q_Id__c = '1'")).json.totalSize).toBe(1);
});

test("a field granted for reading only is shown and refuses to be written", async () => {
  await metadata("createMetadata", field("Contact.Seen__c", text));
  await grant("Contact", "Seen__c", false);
  expect((await describedFields("Contact")).get("Seen__c")).toMatchObject({
    createable: false,
    updateable: false,
  });
  const refused = await org.rest("POST", "/sobjects/Contact", { LastName: "A", Seen__c: "x" });
  expect(refused.json[0]).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
    fields: ["Seen__c"],
  });
});

test("what is granted to one user stays hidden from another", async () => {
  await metadata("createMetadata", field("Case.Own__c", text));
  await grant("Case", "Own__c");
  await org.admin("POST", "users", { users: [{ email: "other@q.example", password: "pass" }] });
  const body = new URLSearchParams({
    grant_type: "password",
    client_id: org.ready.client_id,
    client_secret: org.ready.client_secret,
    username: "other@q.example",
    password: "pass",
  });
  const reply = await fetch(`${org.ready.http}/services/oauth2/token`, { method: "POST", body });
  const { access_token } = (await reply.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const url = `${org.ready.http}/services/data/v59.0/query?q=SELECT+Own__c+FROM+Case`;
  expect((await fetch(url, { headers })).status).toBe(400);
  expect((await org.query("SELECT Own__c FROM Case")).status).toBe(200);
  const soap = await soapCall(org, "m/59.0", "<describeMetadata/>", access_token);
  expect(soap.all("faultcode")).toEqual(["sf:INSUFFICIENT_ACCESS"]);
});

test("a permission set made by metadata grants fields and objects once it is assigned", async () => {
  const object = `<metadata xsi:type="CustomObject"><fullName>Visit__c</fullName><label>Visit</label><pluralLabel>Visits</pluralLabel><nameField><type>AutoNumber</type><label>No</label><displayFormat>V-{0000}</displayFormat></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel></metadata>`;
  expect((await metadata("createMetadata", object)).all("success")).toEqual(["true"]);
  const fields =
    field("Visit__c.Note__c", text) +
    field("Visit__c.Count__c", "<type>Number</type><precision>5</precision><scale>0</scale>");
  expect((await metadata("createMetadata", fields)).all("success")).toEqual(["true", "true"]);
  const set = await metadata(
    "upsertMetadata",
    `<metadata xsi:type="PermissionSet"><fullName>Visits</fullName><label>Visits</label>
     <fieldPermissions><field>Visit__c.Note__c</field><editable>true</editable><readable>true</readable></fieldPermissions>
     <objectPermissions><object>Visit__c</object><allowRead>true</allowRead><allowCreate>true</allowCreate><allowEdit>true</allowEdit><allowDelete>true</allowDelete><modifyAllRecords>false</modifyAllRecords><viewAllRecords>false</viewAllRecords></objectPermissions></metadata>`,
  );
  expect(set.all("created")).toEqual(["true"]);
  expect((await describedFields("Visit__c")).has("Note__c")).toBe(false);
  const { json } = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Visits'");
  const assignment = { AssigneeId: userId, PermissionSetId: json.records[0].Id };
  expect((await org.rest("POST", "/sobjects/PermissionSetAssignment", assignment)).status).toBe(
    201,
  );
  const described = await describedFields("Visit__c");
  expect([described.has("Note__c"), described.has("Count__c")]).toEqual([true, false]);
  const { id } = (await org.rest("POST", "/sobjects/Visit__c", { Note__c: "x" })).json;
  expect(id).toMatch(/^a0\w/);
  expect((await org.rest("GET", `/sobjects/Visit__c/${id}`)).json).toMatchObject({
    Name: "V-0001",
    Note__c: "x",
  });
});

test("each refused component says its code, and the others of the call are made", async () => {
  const long = `<type>Text</type><length>300</length>`;
  const reply = await metadata(
    "createMetadata",
    [
      field("Account.Fine__c", text),
      field("Nothing__c.A__c", text),
      field("Account.Q_Id__c", text),
      field("Account.Long__c", long),
      field("Account.Bad__Name__c", text),
      field("Account.To__c", "<type>Lookup</type><referenceTo>Gone__c</referenceTo>"),
      field("Task.Mine__c", text),
      field("Account.NoSize__c", "<type>Number</type>"),
    ].join(""),
  );
  expect(reply.status).toBe(200);
  expect(reply.all("success")).toEqual(["true", ...Array<string>(7).fill("false")]);
  expect(reply.all("statusCode")).toEqual([
    "INVALID_CROSS_REFERENCE_KEY",
    "DUPLICATE_DEVELOPER_NAME",
    "FIELD_INTEGRITY_EXCEPTION",
    "FIELD_INTEGRITY_EXCEPTION",
    "INVALID_CROSS_REFERENCE_KEY",
    "FIELD_INTEGRITY_EXCEPTION",
    "FIELD_INTEGRITY_EXCEPTION",
  ]);
  expect(reply.text).toContain("There is already a field named Q_Id on Account.");
});

test("eleven components are a fault, and so is an unknown type", async () => {
  const eleven = Array.from({ length: 11 }, (_, at) => field(`Account.F${at}__c`, text)).join("");
  const many = await metadata("createMetadata", eleven);
  expect({ status: many.status, code: many.all("faultcode") }).toEqual({
    status: 500,
    code: ["sf:EXCEEDED_ID_LIMIT"],
  });
  const strange = `<metadata xsi:type="Strange"><fullName>A</fullName></metadata>`;
  expect((await metadata("createMetadata", strange)).all("faultcode")).toEqual(["sf:INVALID_TYPE"]);
});

test("an object takes 25 external ids and not one more", async () => {
  const one = (at: number): string =>
    field(`Contact.Key${at}__c`, `${text}<externalId>true</externalId>`);
  // Source_Key__c of the test schema is the first.
  const codes: string[] = [];
  for (let at = 1; at <= 25; at += 10) {
    const rows = Array.from({ length: 10 }, (_, more) => one(at + more)).slice(0, 26 - at);
    codes.push(...(await metadata("createMetadata", rows.join(""))).all("success"));
  }
  expect(codes.filter((code) => code === "true")).toHaveLength(24);
  const last = await metadata("createMetadata", one(99));
  expect(last.all("statusCode")).toEqual(["LIMIT_EXCEEDED"]);
});

test("a custom field of Activity is one of Task and of Event", async () => {
  const made = await metadata("createMetadata", field("Activity.Source_Key__c", text));
  expect(made.all("success")).toEqual(["true"]);
  await grant("Task", "Source_Key__c");
  expect((await describedFields("Task")).has("Source_Key__c")).toBe(true);
  expect((await describedFields("Event")).has("Source_Key__c")).toBe(false);
  await grant("Event", "Source_Key__c");
  expect((await describedFields("Event")).has("Source_Key__c")).toBe(true);
});

test("every type is read back as it was made, an unknown name is nil, and a deleted field is gone with its values", async () => {
  const kinds: Record<string, string> = {
    Money__c: "<type>Currency</type><precision>18</precision><scale>2</scale>",
    Share__c: "<type>Percent</type><precision>5</precision><scale>1</scale>",
    Flag__c: "<type>Checkbox</type><defaultValue>true</defaultValue>",
    Day__c: "<type>Date</type>",
    At__c: "<type>DateTime</type>",
    Mail__c: "<type>Email</type>",
    Tel__c: "<type>Phone</type>",
    Web__c: "<type>Url</type>",
    Story__c: "<type>LongTextArea</type><length>32768</length><visibleLines>5</visibleLines>",
    Pick__c:
      "<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>a</fullName><default>true</default><label>a</label></value><value><fullName>b &amp; c</fullName><default>false</default><label>b &amp; c</label></value></valueSetDefinition></valueSet>",
  };
  const rows = Object.entries(kinds).map(([name, inner]) => field(`Case.${name}`, inner));
  expect((await metadata("upsertMetadata", rows.join(""))).all("success")).toEqual(
    rows.map(() => "true"),
  );
  const names = Object.keys(kinds)
    .map((name) => `<fullNames>Case.${name}</fullNames>`)
    .join("");
  const read = await metadata("readMetadata", `<type>CustomField</type>${names}`);
  expect(read.all("type")).toEqual(
    Object.values(kinds).map((inner) => /<type>(\w+)/.exec(inner)?.[1]),
  );
  expect(read.text).toContain("<restricted>true</restricted>");
  expect(read.text).toContain("<fullName>b &amp; c</fullName>");
  const nil = await metadata(
    "readMetadata",
    "<type>CustomField</type><fullNames>Case.No__c</fullNames>",
  );
  expect(nil.text).toContain('<records xsi:nil="true"/>');
  await grant("Case", "Day__c");
  const { id } = (await org.rest("POST", "/sobjects/Case", { Day__c: "2026-01-02" })).json;
  const gone = await metadata(
    "deleteMetadata",
    "<type>CustomField</type><fullNames>Case.Day__c</fullNames>",
  );
  expect(gone.all("success")).toEqual(["true"]);
  expect((await org.query("SELECT Day__c FROM Case")).status).toBe(400);
  await metadata("createMetadata", field("Case.Day__c", "<type>Date</type>"));
  expect((await org.query("SELECT Day__c FROM Case")).status).toBe(400);
  await grant("Case", "Day__c");
  const { json } = await org.query(`SELECT Day__c FROM Case WHERE Id = '${id}'`);
  expect(json.records[0].Day__c).toBeNull();
});

test("fields made by metadata outlive a restart, hidden as before", async () => {
  await metadata("createMetadata", field("Account.Late__c", text));
  await org.restart();
  expect((await describedFields("Account")).has("Late__c")).toBe(false);
  const read = await metadata(
    "readMetadata",
    "<type>CustomField</type><fullNames>Account.Late__c</fullNames>",
  );
  expect(read.all("fullName")).toEqual(["Account.Late__c"]);
  // The admin port's order is the shortcut: it grants to everyone.
  const late = { name: "Late__c", type: "Text", length: 64 };
  await org.admin("POST", "schema", { objects: [{ name: "Account", fields: [late] }] });
  expect((await describedFields("Account")).has("Late__c")).toBe(true);
});
