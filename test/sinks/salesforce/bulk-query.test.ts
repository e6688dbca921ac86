import { afterAll, beforeAll, expect, test } from "vitest";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../pipeline/stage/secret.ts";
import { type BulkQueryRow, bulkQueryPages } from "../../../sinks/salesforce/bulk-query.ts";
import { openClient } from "../../../sinks/salesforce/client.ts";
import type { SalesforceClient } from "../../../sinks/salesforce/salesforce-client.ts";
import { threeObjectsSchema } from "../../loader/three-objects.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

let org: SimulatedOrg;
let client: SalesforceClient;
beforeAll(async () => {
  org = await simulatedOrg(threeObjectsSchema);
  client = await openClient({
    loginUrl: org.http,
    clientId: org.clientId,
    clientSecret: new Secret(org.clientSecret),
    apiVersion: "62.0",
    allowLoopback: true,
    timeoutMs: 5000,
    metrics: openMetrics(),
  });
  const records = Array.from({ length: 150 }, (_, n) => ({
    attributes: { type: "Account" },
    Source_Key__c: `customer-${n}`,
    Name: n === 7 ? 'quotes "and",\nlines' : `Name ${n}`,
  }));
  const body = JSON.stringify({ allOrNone: false, records });
  await client.call({ api: "rows", method: "POST", path: "composite/sobjects", body });
});
afterAll(async () => {
  await client.close();
  await org.close();
});

const read = async (soql: string, pageRows: number): Promise<(readonly BulkQueryRow[])[]> => {
  const pages: (readonly BulkQueryRow[])[] = [];
  for await (const page of bulkQueryPages(client, soql, { pageRows })) pages.push(page);
  return pages;
};

test("every row is read once through as many result pages as there are, parents' columns by their path", async () => {
  await org.admin("POST", "settings", { resultPageRows: 40 });
  const soql = "SELECT Id, Source_Key__c, Name, Phone, Owner.Username FROM Account";
  const pages = await read(soql, 25);
  await org.admin("POST", "settings", { resultPageRows: 50_000 });
  const rows = pages.flat();
  expect(pages.every((page) => page.length <= 25)).toBe(true);
  expect(rows.length).toBe(150);
  expect(new Set(rows.map((row) => row["Source_Key__c"])).size).toBe(150);
  expect(rows.find((row) => row["Source_Key__c"] === "customer-7")).toMatchObject({
    Name: 'quotes "and",\nlines',
    Phone: null,
    "Owner.Username": expect.stringContaining("integration@"),
  });
});

test("the job is gone afterwards, also where its reader stops early, and a wrong statement is an error", async () => {
  for await (const _page of bulkQueryPages(client, "SELECT Id FROM Account", { pageRows: 1 }))
    break;
  const { body } = await client.call({ api: "jobs", method: "GET", path: "jobs/query" });
  expect(JSON.parse(body).records).toEqual([]);
  await expect(read("SELECT Nothing__c FROM Account", 10)).rejects.toMatchObject({
    code: "SINK_SCHEMA_MISMATCH",
  });
});
