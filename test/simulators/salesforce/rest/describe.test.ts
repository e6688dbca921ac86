import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

const globalKeys =
  "activateable associateEntityType associateParentEntity createable custom customSetting deepCloneable deletable deprecatedAndHidden feedEnabled hasSubtypes isInterface isSubtype keyPrefix label labelPlural layoutable mergeable mruEnabled name queryable replicateable retrieveable searchable triggerable undeletable updateable urls";
const wholeKeys =
  "actionOverrides childRelationships compactLayoutable defaultImplementation extendedBy extendsInterfaces fields implementedBy implementsInterfaces listviewable lookupLayoutable namedLayoutInfos networkScopeFieldName recordTypeInfos searchLayoutable supportedScopes";
const fieldKeys =
  "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead";

test("describes carry every documented key, in each version, under the address that was asked", async () => {
  for (const version of ["31.0", "59.0", "67.0"]) {
    const path = `/services/data/v${version}/sobjects`;
    const all = (await org.call("GET", path)).json;
    expect(all).toMatchObject({ encoding: "UTF-8", maxBatchSize: 200 });
    const one = all.sobjects.find(({ name }: { name: string }) => name === "Case");
    expect(Object.keys(one).sort()).toEqual(globalKeys.split(" ").sort());
    expect(one.urls.describe).toBe(`${path}/Case/describe`);
    const whole = (await org.call("GET", `${path}/Case/describe`)).json;
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(wholeKeys.split(" ")));
    for (const field of whole.fields) {
      expect(Object.keys(field).sort()).toEqual(fieldKeys.split(" ").sort());
    }
  }
  for (const version of ["30.0", "68.0"]) {
    expect((await org.call("GET", `/services/data/v${version}/sobjects`)).status).toBe(404);
  }
});

test("fields have the facts that recorded describes of real orgs show", async () => {
  const fact = async (object: string, name: string): Promise<unknown> => {
    const { json } = await org.rest("GET", `/sobjects/${object}/describe`);
    return json.fields.find((one: { name: string }) => one.name === name);
  };
  expect(await fact("Account", "Id")).toMatchObject({
    label: "Account ID",
    length: 18,
    byteLength: 18,
    idLookup: true,
    defaultedOnCreate: true,
    permissionable: false,
    soapType: "tns:ID",
  });
  expect(await fact("Account", "IsDeleted")).toMatchObject({
    label: "Deleted",
    aggregatable: false,
    groupable: true,
    length: 0,
  });
  expect(await fact("Account", "BillingStreet")).toMatchObject({
    byteLength: 765,
    compoundFieldName: "BillingAddress",
    extraTypeInfo: "plaintextarea",
    groupable: true,
    permissionable: true,
  });
  expect(await fact("Account", "BillingLatitude")).toMatchObject({
    groupable: false,
    precision: 18,
    scale: 15,
    soapType: "xsd:double",
  });
  expect(await fact("Contact", "AccountId")).toMatchObject({
    label: "Account ID",
    cascadeDelete: false,
    permissionable: true,
    searchPrefilterable: true,
  });
  expect(await fact("Case", "CaseNumber")).toMatchObject({ compoundFieldName: null });
  expect(await fact("Work_Order_Line_Item__c", "Case__c")).toMatchObject({
    restrictedDelete: true,
    permissionable: false,
  });
});

test("the children of an object say what becomes of them when it is deleted", async () => {
  const { json } = await org.rest("GET", "/sobjects/Account/describe");
  const child = (childSObject: string, field: string): unknown =>
    json.childRelationships.find(
      (one: { childSObject: string; field: string }) =>
        one.childSObject === childSObject && one.field === field,
    );
  expect(child("Contact", "AccountId")).toEqual({
    cascadeDelete: true,
    childSObject: "Contact",
    deprecatedAndHidden: false,
    field: "AccountId",
    junctionIdListNames: [],
    junctionReferenceTo: [],
    relationshipName: "Contacts",
    restrictedDelete: false,
  });
  expect(child("Case", "AccountId")).toMatchObject({
    cascadeDelete: false,
    restrictedDelete: true,
  });
  expect(json.recordTypeInfos).toEqual([
    expect.objectContaining({ master: true, recordTypeId: "012000000000000AAA" }),
  ]);
});

test("a describe is sent again only when schema or permissions have changed, however soon", async () => {
  const path = "/sobjects/Contact/describe";
  const first = await org.rest("GET", path);
  const since = { "if-modified-since": first.headers.get("last-modified") ?? "" };
  expect((await org.rest("GET", path, undefined, since)).status).toBe(304);
  const field = { name: "Fresh__c", type: "Text", length: 10 };
  await org.admin("POST", "schema", { objects: [{ name: "Contact", fields: [field] }] });
  const second = await org.rest("GET", path, undefined, since);
  expect(second.status).toBe(200);
  expect(second.json.fields.map(({ name }: { name: string }) => name)).toContain("Fresh__c");
  const later = { "if-modified-since": second.headers.get("last-modified") ?? "" };
  expect((await org.rest("GET", path, undefined, later)).status).toBe(304);
});

test("a row is read, changed and deleted under the condition the client names", async () => {
  const { id } = (await org.rest("POST", "/sobjects/Account", { Name: "A" })).json;
  const path = `/sobjects/Account/${id}`;
  const at = (await org.rest("GET", path)).headers.get("last-modified") ?? "";
  expect((await org.rest("GET", path, undefined, { "if-modified-since": at })).status).toBe(304);
  await org.admin("POST", "clock", { advance_ms: 5_000 });
  expect(
    (await org.rest("PATCH", path, { Phone: "1" }, { "if-unmodified-since": at })).status,
  ).toBe(204);
  const late = await org.rest("PATCH", path, { Phone: "2" }, { "if-unmodified-since": at });
  expect({ status: late.status, code: late.json[0].errorCode }).toEqual({
    status: 412,
    code: "PRECONDITION_FAILED",
  });
  expect((await org.rest("GET", path)).json.Phone).toBe("1");
});

test("the resources of a version and the identity of the caller are named", async () => {
  const { json } = await org.call("GET", "/services/data/v59.0");
  expect(json).toMatchObject({
    sobjects: "/services/data/v59.0/sobjects",
    jobs: "/services/data/v59.0/jobs",
    identity: expect.stringMatching(new RegExp(`^${org.ready.http}/id/00D\\w{15}/005\\w{15}$`)),
  });
});

test("limits carry the keys clients read, and record counts leave out what is empty or unknown", async () => {
  const { json } = await org.rest("GET", "/limits");
  const keys =
    "ConcurrentAsyncGetReportInstances ConcurrentSyncReportRuns DailyApiRequests DailyAsyncApexExecutions DailyBulkApiBatches DailyBulkV2QueryFileStorageMB DailyBulkV2QueryJobs DailyDeliveredPlatformEvents DailyDurableStreamingApiEvents DailyGenericStreamingApiEvents DailyStreamingApiEvents DailyWorkflowEmails DataStorageMB DurableStreamingApiConcurrentClients FileStorageMB HourlyAsyncReportRuns HourlyDashboardRefreshes HourlyODataCallout HourlyPublishedPlatformEvents HourlySyncReportRuns HourlyTimeBasedWorkflow MassEmail PermissionSets SingleEmail StreamingApiConcurrentClients";
  expect(Object.keys(json)).toEqual(expect.arrayContaining(keys.split(" ")));
  expect(json.PermissionSets).toMatchObject({ CreateCustom: { Max: 1_000 } });
  await org.rest("POST", "/sobjects/Account", { Name: "One" });
  const counted = await org.rest("GET", "/limits/recordCount?sObjects=Account,Contact,Nothing");
  expect(counted.json.sObjects).toEqual([{ count: expect.any(Number), name: "Account" }]);
});

test("a gzipped body is unpacked, and X-PrettyPrint indents the answer", async () => {
  const body = gzipSync(JSON.stringify({ Name: "Packed" }));
  const reply = await fetch(`${org.ready.http}/services/data/v59.0/sobjects/Account`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${org.token}`,
      "content-type": "application/JSON",
      "content-encoding": "gzip",
      "x-prettyprint": "1",
    },
    body,
  });
  expect(reply.status).toBe(201);
  expect(reply.headers.get("content-type")).toBe("application/json;charset=UTF-8");
  expect(await reply.text()).toContain('\n  "success": true');
});

test("updateOnly keeps an upsert from creating from version 61 on, and single rows go by external id", async () => {
  const path = (version: number): string =>
    `/services/data/v${version}.0/sobjects/Account/Source_Key__c/a%2Fb`;
  const name = { Name: "By key" };
  expect((await org.call("PATCH", `${path(61)}?updateOnly=true`, name)).status).toBe(404);
  expect((await org.call("PATCH", `${path(60)}?updateOnly=true`, name)).status).toBe(201);
  expect((await org.call("PATCH", `${path(61)}?updateOnly=true`, name)).status).toBe(200);
  expect((await org.call("GET", path(61))).json).toMatchObject({ Source_Key__c: "a/b" });
  expect((await org.call("DELETE", path(61))).status).toBe(204);
  expect((await org.call("GET", path(61))).status).toBe(404);
});
