import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Comparison } from "../independent/comparison.ts";
import { openEnvironment } from "../independent/dynamics-rows.ts";
import { expectAbsentExplained, expectDriftRepaired, expectReconciled } from "./reconciled.ts";
import { rehearsed, type Rehearsed, tooLarge } from "./rehearsed.ts";

// Each edition has a tenant of its own, so that both together show most of the realities a source has.
const editions = [
  {
    edition: "enterprise",
    seed: 8,
    drift: [
      { object: "qd_serviceorder", field: "qd_name" },
      { object: "qd_serviceline", field: null },
    ],
    tables: ["qd_serviceorder", "qd_serviceline", "qd_jobtechnician", "qd_invoice", "qd_payment"],
  },
  {
    edition: "professional",
    seed: 4,
    drift: [
      { object: "opportunity", field: "name" },
      { object: "opportunityproduct", field: null },
    ],
    tables: ["opportunity", "opportunityclose", "opportunityproduct"],
  },
] as const;

const common = [
  ...["account", "contact", "systemuser", "annotation"],
  ...["phonecall", "email", "appointment", "task"],
];

describe.each(editions)("Dynamics 365, edition $edition", ({ edition, seed, drift, tables }) => {
  let run: Rehearsed;
  let comparison: Comparison;

  beforeAll(async () => {
    const live = { size: 25, rate: 10, seconds: 8, limits: true };
    run = await rehearsed({ destination: "dynamics", edition, seed, ...live });
    comparison = await run.compare();
  }, 600_000);

  afterAll(() => run?.close());

  test("every record is accounted for, live changes included", () => {
    expectReconciled(run, 30);
  });

  test("what was changed behind its back is named by record and field, and repaired", () => {
    expectDriftRepaired(run, drift);
  });

  test("the source's truth, mapped by another road, is what the Web API returns", () => {
    const { differences, rows } = comparison;
    expect(differences).toEqual([]);
    expect(Object.keys(rows).sort()).toEqual([...common, ...tables].sort());
    expect(Object.entries(rows).filter(([, count]) => count < 3)).toEqual([]);
    expect(rows[tables[0]]).toBeGreaterThan(80);
  });

  test("what has no row at the destination is exactly what the source's truth explains", async () => {
    await expectAbsentExplained(run, comparison);
    expect(comparison.absent.size).toBeGreaterThan(0);
  });

  test("no Node process grows beyond its memory", () => {
    expect(Object.keys(run.report.figures.peakRss)).toContain("dataverse");
    expect(tooLarge(run)).toEqual([]);
  });

  test("the other road names a column changed by hand, a row removed and a row added", async () => {
    const { destination } = run.surroundings;
    const environment = await openEnvironment(destination);
    const [email] = await environment.rows("emails?$select=qd_sourcekey");
    const [note] = await environment.rows(
      "annotations?$select=notetext&$filter=isdocument eq false",
    );
    const changed = { object: "account", key: "customer-1002", set: { qd_balance: 1.01 } };
    const unsafe = { notetext: `${String(note?.["notetext"])}<img src=x onerror=alert(1)>` };
    await destination.call("POST", "tamper", changed);
    await destination.call("POST", "tamper", {
      ...{ object: "annotation", id: note?.["annotationid"], set: unsafe },
    });
    await destination.call("POST", "tamper", {
      ...{ object: "email", key: email?.["qd_sourcekey"], delete: true },
    });
    const added = await environment.write("POST", "contacts", { lastname: "Nobody" });
    const { differences } = await run.compare();
    const named = differences.map((line) => line.replace(/: (?=expected).*/, ""));
    expect(named.toSorted()).toEqual([
      "account customer-1002 qd_balance",
      expect.stringMatching(/^annotation note-\d+ notetext: holds "<img"$/),
      `contact ${added}: extra`,
      `email ${String(email?.["qd_sourcekey"])}: missing`,
    ]);
  });
});
