import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";
import { soapCall, type SoapAnswer } from "../soap-call.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

function metadata(operation: string, inner: string): Promise<SoapAnswer> {
  return soapCall(org, "m/59.0", `<${operation}>${inner}</${operation}>`);
}

function object(name: string, fields = ""): string {
  return `<metadata xsi:type="CustomObject"><fullName>${name}</fullName><deploymentStatus>Deployed</deploymentStatus>${fields}<label>Part</label><nameField><label>Part Name</label><type>Text</type></nameField><pluralLabel>Parts &amp; more</pluralLabel><sharingModel>ReadWrite</sharingModel></metadata>`;
}

const lookup = (name: string, more: string): string =>
  `<fields><fullName>${name}</fullName><label>L</label>${more}</fields>`;

async function describeOf(name: string): Promise<Answer> {
  return org.rest("GET", `/sobjects/${name}/describe`);
}

test("an object is made with its fields, masters seen by all, and goes with its rows", async () => {
  const master = lookup(
    "Account__c",
    "<referenceTo>Account</referenceTo><relationshipLabel>Parts</relationshipLabel><relationshipName>Parts</relationshipName><type>MasterDetail</type>",
  );
  const other = lookup(
    "Case__c",
    "<deleteConstraint>Restrict</deleteConstraint><referenceTo>Case</referenceTo><relationshipName>Parts</relationshipName><type>Lookup</type>",
  );
  const made = await metadata("createMetadata", object("Part__c", master + other));
  expect(made.all("success")).toEqual(["true"]);
  const { json } = await describeOf("Part__c");
  expect(json).toMatchObject({ label: "Part", labelPlural: "Parts & more", custom: true });
  const names = json.fields.map((one: { name: string }) => one.name);
  expect(names).toContain("Account__c");
  expect(names).not.toContain("Case__c");
  const account = (await org.rest("POST", "/sobjects/Account", { Name: "A" })).json.id;
  const part = await org.rest("POST", "/sobjects/Part__c", { Name: "P", Account__c: account });
  expect(part.status).toBe(201);
  const child = await org.query("SELECT Id, (SELECT Name FROM Parts__r) FROM Account");
  expect(child.json.records[0].Parts__r.records[0].Name).toBe("P");
  expect((await org.rest("DELETE", `/sobjects/Account/${account}`)).status).toBe(204);
  expect((await org.query("SELECT Id FROM Part__c")).json.totalSize).toBe(0);
  const gone = await metadata(
    "deleteMetadata",
    "<type>CustomObject</type><fullNames>Part__c</fullNames>",
  );
  expect(gone.all("success")).toEqual(["true"]);
  expect((await describeOf("Part__c")).status).toBe(404);
  expect((await describeOf("Account")).json.childRelationships).not.toContainEqual(
    expect.objectContaining({ childSObject: "Part__c" }),
  );
});

test("an object with numbers for names goes on with them after a restart", async () => {
  const numbered = object("Slip__c").replace(
    "<type>Text</type>",
    "<type>AutoNumber</type><displayFormat>S-{000}</displayFormat>",
  );
  expect((await metadata("createMetadata", numbered)).all("success")).toEqual(["true"]);
  const before = (await describeOf("Slip__c")).json;
  await org.rest("POST", "/sobjects/Slip__c", {});
  await org.restart();
  expect((await describeOf("Slip__c")).json).toEqual(before);
  await org.rest("POST", "/sobjects/Slip__c", {});
  const { json } = await org.query("SELECT Name FROM Slip__c ORDER BY Name");
  expect(json.records.map(({ Name }: { Name: string }) => Name)).toEqual(["S-001", "S-002"]);
});

test("an object with one wrong field is not made at all", async () => {
  const wrong = lookup("To__c", "<referenceTo>Gone__c</referenceTo><type>Lookup</type>");
  const made = await metadata("createMetadata", object("Half__c", wrong));
  expect(made.all("statusCode")).toEqual(["INVALID_CROSS_REFERENCE_KEY"]);
  expect((await describeOf("Half__c")).status).toBe(404);
  const nameless = object("Bare__c").replace(/<nameField>.*<\/nameField>/, "");
  expect((await metadata("createMetadata", nameless)).all("statusCode")).toEqual([
    "FIELD_INTEGRITY_EXCEPTION",
  ]);
});

test("a standard object is read with its custom fields, and components are listed and described", async () => {
  const read = await metadata(
    "readMetadata",
    "<type>CustomObject</type><fullNames>Account</fullNames>",
  );
  expect(read.text).toContain('<records xsi:type="CustomObject"><fullName>Account</fullName>');
  expect(read.all("fullName")).toContain("Source_Key__c");
  const listed = await metadata(
    "listMetadata",
    "<queries><type>CustomField</type></queries><asOfVersion>59</asOfVersion>",
  );
  expect(listed.all("fullName")).toContain("Case.Source_Key__c");
  const described = await metadata("describeMetadata", "<asOfVersion>59</asOfVersion>");
  expect(described.all("xmlName")).toEqual(["CustomObject", "PermissionSet"]);
  const type = "{http://soap.sforce.com/2006/04/metadata}CustomField";
  const value = await metadata("describeValueType", `<type>${type}</type>`);
  expect(value.all("apiCreatable")).toEqual(["true"]);
});

test("an update changes what is there, keeps who sees it, and never the type", async () => {
  const field = (inner: string): string =>
    `<metadata xsi:type="CustomField"><fullName>Case.Source_System_ID__c</fullName><label>New label</label>${inner}</metadata>`;
  const text = "<type>Text</type><length>200</length><externalId>true</externalId>";
  const { id } = (await org.rest("POST", "/sobjects/Case", { Source_System_ID__c: "old-1" })).json;
  expect((await metadata("updateMetadata", field(text))).all("success")).toEqual(["true"]);
  const { json } = await describeOf("Case");
  expect(json.fields).toContainEqual(
    expect.objectContaining({
      name: "Source_System_ID__c",
      label: "New label",
      length: 200,
      externalId: true,
    }),
  );
  // Rows from before are found by the key it has become.
  const found = await org.rest("GET", "/sobjects/Case/Source_System_ID__c/old-1");
  expect(found.json.Id).toBe(id);
  const other = await metadata(
    "updateMetadata",
    field("<type>Checkbox</type><defaultValue>false</defaultValue>"),
  );
  expect(other.all("statusCode")).toEqual(["FIELD_INTEGRITY_EXCEPTION"]);
  const absent = field(text).replace("Source_System_ID__c", "Absent__c");
  expect((await metadata("updateMetadata", absent)).all("statusCode")).toEqual([
    "INVALID_CROSS_REFERENCE_KEY",
  ]);
});

test("a permission set refuses fields that are not there or that every row must have, and is left as it was", async () => {
  const set = (field: string): string =>
    `<metadata xsi:type="PermissionSet"><fullName>Odd</fullName><label>Odd</label><fieldPermissions><editable>true</editable><field>${field}</field><readable>true</readable></fieldPermissions><userPermissions><enabled>true</enabled><name>BulkApiHardDelete</name></userPermissions></metadata>`;
  expect((await metadata("upsertMetadata", set("Case.Nope__c"))).all("statusCode")).toEqual([
    "INVALID_CROSS_REFERENCE_KEY",
  ]);
  const required = await metadata("upsertMetadata", set("Work_Order_Line_Item__c.Case__c"));
  expect(required.text).toContain("You cannot deploy to a required field");
  expect((await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Odd'")).json.totalSize).toBe(
    0,
  );
  expect((await metadata("upsertMetadata", set("Case.Total__c"))).all("created")).toEqual(["true"]);
  expect((await metadata("upsertMetadata", set("Case.Total__c"))).all("created")).toEqual([
    "false",
  ]);
  const read = await metadata(
    "readMetadata",
    "<type>PermissionSet</type><fullNames>Odd</fullNames>",
  );
  expect(read.all("field")).toEqual(["Case.Total__c"]);
  expect(read.all("name")).toEqual(["BulkApiHardDelete"]);
});
