import { afterAll, beforeAll, expect, test } from "vitest";
import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../pipeline/stage/secret.ts";
import { bulkQueryPages } from "../../../sinks/salesforce/bulk-query.ts";
import { changes } from "../../../sinks/salesforce/changes.ts";
import { openClient } from "../../../sinks/salesforce/client.ts";
import type { SalesforceClient } from "../../../sinks/salesforce/salesforce-client.ts";
import { FileDigests } from "../../../sinks/salesforce/file-digests.ts";
import { observe } from "../../../sinks/salesforce/observe.ts";
import { columnsOf, toRow } from "../../../sinks/salesforce/observed-row.ts";
import type { SoqlRow } from "../../../sinks/salesforce/soql-pages.ts";
import { soqlSelect } from "../../../sinks/salesforce/soql.ts";
import type { DestinationRow } from "../../../sinks/sink.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

const keyed = {
  identity: "external_id",
  keyField: "Source_Key__c",
  idField: "Source_System_ID__c",
} as const;
const lookup = (name: string, object: string, byEntity?: Record<string, string>): FieldPlan => ({
  ...{ name, type: "reference" },
  reference: {
    ...{ object, relationship: name.replace(/Id$/, ""), whenDeleted: "park" },
    ...(byEntity === undefined ? {} : { byEntity }),
  },
});
const job: ObjectPlan = {
  ...{ object: "Case", entity: "job", ...keyed },
  fields: [
    { name: "Subject", type: "string", length: 255 },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "Total__c", type: "decimal", precision: 18, scale: 2 },
    { name: "Exempt__c", type: "boolean" },
    { name: "Due__c", type: "datetime" },
    lookup("AccountId", "Account"),
    lookup("ParentId", "Case"),
  ],
};
const visit: ObjectPlan = {
  ...{ object: "Event", entity: "appointment", ...keyed },
  fields: [
    { name: "Subject", type: "string", length: 255 },
    lookup("WhatId", "Case", { job: "Case", customer: "Account" }),
  ],
};
const key = {
  ...{ name: "Source_Key__c", type: "Text", length: 100, externalId: true, unique: true },
};
const schema = {
  objects: [
    { name: "Account", fields: [key] },
    { name: "Activity", fields: [key] },
    {
      name: "Case",
      fields: [
        key,
        { name: "Total__c", type: "Number", precision: 18, scale: 2 },
        { name: "Exempt__c", type: "Checkbox" },
        { name: "Due__c", type: "DateTime" },
      ],
    },
  ],
};

const metrics = openMetrics();
let org: SimulatedOrg;
let client: SalesforceClient;
let digests: FileDigests;
beforeAll(async () => {
  org = await simulatedOrg(schema);
  client = await openClient({
    ...{ loginUrl: org.http, clientId: org.clientId, clientSecret: new Secret(org.clientSecret) },
    ...{ apiVersion: "62.0", allowLoopback: true, timeoutMs: 5000, metrics },
  });
  digests = new FileDigests(client, undefined);
});
afterAll(async () => {
  digests.close();
  await client.close();
  await org.close();
});

const create = async (object: string, fields: object): Promise<string> =>
  (await org.rest<{ id: string }>("POST", `sobjects/${object}`, fields)).id;

async function swept(plan: ObjectPlan): Promise<DestinationRow[]> {
  const rows: DestinationRow[] = [];
  for await (const page of observe(client, plan, digests)) rows.push(...page);
  return rows;
}

test("a bulk query and a query read the same rows, to the letter", async () => {
  const AccountId = await create("Account", { Name: "A", Source_Key__c: "customer-1" });
  const ParentId = await create("Case", { Source_Key__c: "job-1", AccountId, Exempt__c: true });
  await create("Case", {
    ...{ Source_Key__c: "job-2", AccountId, ParentId, Total__c: 1234.5, Subject: ' a "b", c ' },
    ...{ Description: 'one\n"two",\n\n three \u202e', Due__c: "2024-02-29T23:59:59.000Z" },
  });
  await create("Case", { Source_Key__c: "job-3", ParentId: await create("Case", {}) });
  const bulk: DestinationRow[] = [];
  const soql = soqlSelect(columnsOf(job), "Case", "Source_Key__c != null");
  for await (const page of bulkQueryPages(client, soql)) {
    bulk.push(...page.map((row) => toRow(job, row)));
  }
  const byKey = (rows: readonly DestinationRow[]) =>
    rows.toSorted((a, b) => String(a.key).localeCompare(String(b.key)));
  expect(byKey(bulk)).toEqual(byKey(await swept(job)));
  expect(byKey(bulk)[1]?.fields).toEqual({
    ...{ Subject: 'a "b", c', Total__c: "1234.50", Exempt__c: "false" },
    ...{ Description: 'one\n"two",\n\n three \u202e', Due__c: "2024-02-29T23:59:59.000Z" },
    ...{ AccountId: "customer-1", ParentId: "job-1" },
  });
  expect(byKey(bulk)[2]?.fields["ParentId"]).toMatch(/^id:500/);
});

test("an event in the archive is still read back, one in the recycle bin only as deleted", async () => {
  const WhatId = await create("Case", { Source_Key__c: "job-9" });
  const times = { StartDateTime: "2020-01-01T10:00:00Z", EndDateTime: "2020-01-01T11:00:00Z" };
  const event = { ...times, Subject: "Visit", WhatId };
  await create("Event", { ...event, Source_Key__c: "appointment-1" });
  const gone = await create("Event", { ...event, Source_Key__c: "appointment-2" });
  const before = Date.parse((await org.admin<{ now: string }>("GET", "clock")).now) - 1000;
  await org.rest("DELETE", `sobjects/Event/${gone}`);
  await org.admin("POST", "clock", { advance_ms: 60_000 });
  expect(await org.query("SELECT Id FROM Event")).toEqual([]);
  expect(await swept(visit)).toMatchObject([
    { key: "appointment-1", deleted: false, fields: { Subject: "Visit", WhatId: `id:${WhatId}` } },
  ]);
  const changed: DestinationRow[] = [];
  for await (const news of changes(client, [{ plan: visit, since: before }], digests)) {
    if (news.kind === "rows") changed.push(...news.rows);
  }
  expect(changed.find((row) => row.key === "appointment-2")).toMatchObject({ deleted: true });
});

test("a file's bytes are read once for each version, however often it is swept", async () => {
  const file: ObjectPlan = {
    ...{ object: "ContentVersion", entity: "attachment", identity: "external_id" },
    ...{ keyField: "Title", idField: "Title" },
    fields: [{ name: "VersionData", type: "file" }],
  };
  await create("ContentVersion", {
    ...{ Title: "photo", PathOnClient: "photo.txt" },
    VersionData: Buffer.from("bytes").toString("base64"),
  });
  const [first] = await swept(file);
  expect(await downloads()).toBe(1);
  const [again] = await swept(file);
  expect(first?.fields["VersionData"]).toBe(
    "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9",
  );
  expect(again).toEqual(first);
  expect(first?.destinationId).toMatch(/^069/);
  expect(await downloads()).toBe(1);
});

test("a file deleted between its row and its bytes is read as deleted, and stops nobody", async () => {
  const file: ObjectPlan = {
    ...{ object: "ContentVersion", entity: "attachment", identity: "external_id" },
    ...{ keyField: "Title", idField: "Title" },
    fields: [{ name: "VersionData", type: "file" }],
  };
  const version = await create("ContentVersion", {
    ...{ Title: "leaflet", PathOnClient: "leaflet.txt" },
    VersionData: Buffer.from("leaflet").toString("base64"),
  });
  const soql = `SELECT Id, ContentDocumentId, Checksum FROM ContentVersion WHERE Id = '${version}'`;
  const [record] = (await org.query(soql)) as SoqlRow[];
  const row = { ...asRead, object: file.object, key: "leaflet" };
  await org.rest("DELETE", `sobjects/ContentDocument/${String(record?.["ContentDocumentId"])}`);
  const [read] = await digests.of(file, [record as SoqlRow], [row]);
  expect(read).toMatchObject({ deleted: true, fields: { VersionData: null } });
});

/** A row as read before its file's bytes are. */
const asRead: DestinationRow = {
  ...{ object: "", destinationId: "", key: null, deleted: false, fields: {} },
  ...{ modifiedAt: 0, modifiedBy: null },
};

/** How often bytes of a file were asked for. */
async function downloads(): Promise<number> {
  const { values } = await metrics.calls.get();
  const ofFiles = values.filter(({ labels }) => labels["api"] === "file");
  return ofFiles.reduce((sum, { value }) => sum + value, 0);
}
