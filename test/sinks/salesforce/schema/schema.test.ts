import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CompiledPlan, compilePlan } from "../../../../pipeline/mapping/compile.ts";
import { openMetrics } from "../../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../../pipeline/stage/secret.ts";
import { openClient } from "../../../../sinks/salesforce/client.ts";
import type { SalesforceClient } from "../../../../sinks/salesforce/salesforce-client.ts";
import { checkSchema } from "../../../../sinks/salesforce/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/salesforce/schema/create-schema.ts";
import { type SimulatedOrg, simulatedOrg } from "../simulated-org.ts";

const folder = join(import.meta.dirname, "../../../../pipeline/mapping/salesforce");
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function plan(settings: Parameters<typeof compilePlan>[0]["settings"] = {}): CompiledPlan {
  return compilePlan({
    folder,
    settings: { audit_fields: true, ...settings },
    destination: "salesforce",
    hash: "plan",
  });
}

/** An org as an admin left it, and our door to it. */
async function anOrg(
  objects: readonly object[] = [],
): Promise<{ readonly org: SimulatedOrg; readonly client: SalesforceClient }> {
  const org = await simulatedOrg({ objects });
  closers.push(() => org.close());
  const client = await openClient({
    ...{ loginUrl: org.http, clientId: org.clientId, clientSecret: new Secret(org.clientSecret) },
    ...{ apiVersion: "62.0", allowLoopback: true, timeoutMs: 20_000, metrics: openMetrics() },
  });
  closers.push(() => client.close());
  return { org, client };
}

/** Findings as `problem object.field`. */
async function problems(
  client: SalesforceClient,
  compiled: CompiledPlan,
  teamRoles: string[] = [],
) {
  const findings = await checkSchema(client, compiled, { teamRoles });
  return findings.map(({ problem, object, field }) => `${problem} ${object}.${field ?? ""}`);
}

test("an empty org lacks the whole plan; made once it lacks nothing, and made again nothing changes", async () => {
  const { client } = await anOrg();
  const compiled = plan();
  const before = await problems(client, compiled);
  for (const [object, fields] of compiled.customFields) {
    if (object.endsWith("__c")) expect(before).toContain(`object_missing ${object}.`);
    else for (const { name } of fields) expect(before).toContain(`field_missing ${object}.${name}`);
  }
  const { created, refused } = await createSchema(client, compiled);
  expect(refused).toEqual([]);
  expect(created).toContain("CustomField Activity.Source_Key__c");
  expect(await problems(client, compiled)).toEqual([]);
  const again = await createSchema(client, compiled);
  expect(again).toEqual({ created: ["PermissionSet Cutover_Migration"], refused: [] });
});

test("what an admin made by hand is measured against the plan; only what may be mended is touched", async () => {
  const byHand = [
    { name: "Source_Key__c", type: "Text", length: 10 },
    { name: "Job_Number__c", type: "Checkbox" },
    { name: "Total__c", type: "Currency", precision: 6, scale: 2 },
    { name: "Customer_PO__c", type: "Text", length: 255, granted: false },
    {
      name: "Work_Order_Status__c",
      type: "Picklist",
      values: ["Pending", "Odd"],
      restricted: true,
    },
    { name: "Started_At__c", type: "DateTime" },
  ];
  const { client } = await anOrg([{ name: "Case", fields: byHand }]);
  const compiled = plan();
  const ofCase = async (): Promise<string[]> =>
    (await problems(client, compiled)).filter((line) =>
      byHand.some(({ name }) => line.endsWith(` Case.${name}`)),
    );
  const forGood = [
    "too_short Case.Source_Key__c",
    "not_unique Case.Source_Key__c",
    "not_external_id Case.Source_Key__c",
    "wrong_type Case.Job_Number__c",
    "wrong_precision Case.Total__c",
  ];
  expect((await ofCase()).sort()).toEqual(
    [
      ...forGood,
      ...["field_hidden Case.Customer_PO__c", "values_missing Case.Work_Order_Status__c"],
    ].sort(),
  );
  await createSchema(client, compiled);
  expect((await ofCase()).sort()).toEqual(forGood.sort());
  const [status] = await client.readMetadata("CustomField", ["Case.Work_Order_Status__c"]);
  expect(JSON.stringify(status)).toMatch(/Pending.*Odd.*Assigned/);
});

test("a missing permission, role or room for external ids is named with its remedy", async () => {
  const keys = Array.from({ length: 25 }, (_, at) => ({
    ...{ name: `Key_${at}__c`, type: "Text", length: 20, externalId: true },
  }));
  const { org, client } = await anOrg([{ name: "Case", fields: keys }]);
  await org.admin("POST", "settings", { auditFields: false });
  const compiled = plan({ crew: "team" });
  const found = await problems(client, compiled, ["Primary", "No such role"]);
  expect(found).toContain("audit_not_permitted Case.CreatedDate");
  expect(found).toContain("external_ids_full Case.Source_Key__c");
  expect(found.filter((line) => line.startsWith("role_missing"))).not.toEqual([]);
  const findings = await checkSchema(client, compiled, { teamRoles: ["No such role"] });
  const role = findings.find(({ problem }) => problem === "role_missing");
  expect(role).toMatchObject({ expected: "No such role", creatable: false });
  expect(findings.every(({ remedy, expected }) => remedy !== "" && expected !== "")).toBe(true);
});
