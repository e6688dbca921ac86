import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labelOf, openEnvironment } from "../independent/dynamics-rows.ts";
import { openOrg } from "../independent/salesforce-rows.ts";
import { rehearsed, type Rehearsed, tooLarge } from "./rehearsed.ts";

const corpus = resolve(import.meta.dirname, "../../../shared/data/boston-311-2015-sample.csv");
const present = existsSync(corpus);
if (!present) process.stderr.write("skipped: the corpus is not beside the clone (shared/data)\n");

describe.skipIf(!present)("2,560 real service requests", () => {
  let run: Rehearsed;

  beforeAll(async () => {
    run = await rehearsed({ corpus });
  }, 240_000);

  afterAll(() => run?.close());

  test("become Cases by status, Accounts by address, and nothing is missing, extra or differing", async () => {
    const org = await openOrg(run.surroundings.destination);
    const count = async (soql: string): Promise<number> => (await org.query(soql)).length;
    const cases = "SELECT Id FROM Case WHERE Source_Key__c != null";
    expect({
      cases: await count(cases),
      pending: await count(`${cases} AND Work_Order_Status__c = 'Pending'`),
      completed: await count(`${cases} AND Work_Order_Status__c = 'Completed'`),
      cancelled: await count(`${cases} AND Work_Order_Status__c = 'Cancelled'`),
      accounts: await count("SELECT Id FROM Account WHERE Source_Key__c != null"),
      withoutAccount: await count(`${cases} AND AccountId = null`),
    }).toEqual({
      cases: 2560,
      pending: 270,
      completed: 2095,
      cancelled: 195,
      accounts: 2094,
      withoutAccount: 78,
    });
    const { missing, extra, differences, dead_letters } = run.report;
    expect({ missing, extra, differences, dead_letters }).toEqual({
      missing: [],
      extra: [],
      differences: [],
      dead_letters: [],
    });
    expect(run.accounted).toBe(true);
  });

  test("equal the truth by another road", async () => {
    const { differences, absent } = await run.compare();
    expect(differences).toEqual([]);
    expect([...absent]).toEqual([]);
    expect(tooLarge(run)).toEqual([]);
  });
});

const editions = [
  { edition: "enterprise", set: "qd_serviceorders", account: "_qd_account_value" },
  { edition: "professional", set: "opportunities", account: "_parentaccountid_value" },
] as const;

describe.skipIf(!present).each(editions)(
  "2,560 real service requests in Dynamics 365, edition $edition",
  ({ edition, set, account }) => {
    let run: Rehearsed;

    beforeAll(async () => {
      run = await rehearsed({ destination: "dynamics", edition, corpus });
    }, 900_000);

    afterAll(() => run?.close());

    test("arrive with the counts per status they have in Salesforce, nothing missing, extra or differing", async () => {
      const environment = await openEnvironment(run.surroundings.destination);
      const jobs = await environment.rows(`${set}?$select=qd_workorderstatus,${account}`);
      const statuses = Object.groupBy(jobs, (job) => labelOf(job, "qd_workorderstatus"));
      const counts = Object.entries(statuses).map(([name, all = []]) => [name, all.length]);
      const customers = "accounts?$select=accountid&$filter=startswith(qd_sourcekey,'customer-')";
      expect({
        jobs: jobs.length,
        statuses: Object.fromEntries(counts),
        customers: (await environment.rows(customers)).length,
        withoutAccount: jobs.filter((job) => job[account] === null).length,
      }).toEqual({
        jobs: 2560,
        statuses: { Unassigned: 270, Completed: 2095, Cancelled: 195 },
        customers: 2094,
        withoutAccount: 78,
      });
      const { missing, extra, differences, dead_letters } = run.report;
      expect({ missing, extra, differences, dead_letters }).toEqual({
        missing: [],
        extra: [],
        differences: [],
        dead_letters: [],
      });
      expect(run.accounted).toBe(true);
      expect(tooLarge(run)).toEqual([]);
    });
  },
);
