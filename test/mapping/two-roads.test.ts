import { afterAll, beforeAll, expect, test } from "vitest";
import { compareWith } from "../independent/difference.ts";
import type { Org } from "../independent/salesforce-rows.ts";
import { truthFrom } from "../independent/truth.ts";
import type { Truth } from "../independent/truth.ts";
import { type Fold, fold } from "../source/fold.ts";
import { type PolledTenant, polledTenant } from "../source/polled-tenant.ts";
import { loadedOrg } from "./loaded-org.ts";

let tenant: PolledTenant;
let source: Fold;
let truth: Truth;

beforeAll(async () => {
  tenant = await polledTenant("two-roads", { args: ["--size", "60", "--seed", "3"] });
  const poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  await tenant.finish();
  await poller.stop();
  source = await fold(tenant);
  truth = await truthFrom((entity) => tenant.call<string>("GET", `truth/${entity}?full=1`));
}, 180_000);

afterAll(() => tenant?.close());

test("a mapping that shares no code with ours makes the same rows of a tenant with all its realities", async () => {
  const { org, waiting } = loadedOrg(source);
  const { differences, rows, absent } = await compareWith(truth, org);
  expect(differences).toEqual([]);
  expect([...waiting].toSorted()).toEqual([...absent.keys()].toSorted());
  for (const [object, count] of Object.entries(rows)) expect([object, count > 0]).toContain(true);
  expect(Object.keys(rows)).toHaveLength(13);
});

test("the second mapping sees one changed field, one lost comment and one lost link", async () => {
  const { org } = loadedOrg(source);
  const spoilt = (soql: string, found: Awaited<ReturnType<Org["query"]>>) => {
    if (soql.includes("FROM Invoice__c")) {
      return found.map((row, at) => (at === 0 ? { ...row, Paid__c: "0.01" } : row));
    }
    const loses = soql.includes("FROM CaseComment") || soql.includes("FROM ContentDocumentLink");
    return loses ? found.slice(1) : found;
  };
  const query = async (soql: string) => spoilt(soql, await org.query(soql));
  const { differences } = await compareWith(truth, { ...org, query });
  const kinds = differences.map((line) => line.replace(/ .*?(Paid__c|missing|word)/, " $1"));
  expect([...new Set(kinds.map((kind) => kind.split(":")[0]))].toSorted()).toEqual([
    "CaseComment missing",
    "CaseComment word for word",
    "Invoice__c Paid__c",
    "link missing",
  ]);
});
