import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Environment, openEnvironment } from "../independent/dynamics-rows.ts";
import { rehearsed, type Rehearsed, tooLarge } from "./rehearsed.ts";

const editions = [
  {
    edition: "enterprise",
    drift: [
      { object: "qd_serviceorder", field: "qd_name" },
      { object: "qd_serviceline", field: null },
    ],
  },
  {
    edition: "professional",
    drift: [
      { object: "opportunity", field: "name" },
      { object: "opportunityproduct", field: null },
    ],
  },
] as const;

describe.each(editions)("Dynamics 365, edition $edition", ({ edition, drift }) => {
  let run: Rehearsed;
  let environment: Environment;

  beforeAll(async () => {
    const live = { size: 25, rate: 10, seconds: 8, limits: true };
    run = await rehearsed({ destination: "dynamics", edition, ...live });
    environment = await openEnvironment(run.surroundings.destination);
  }, 400_000);

  afterAll(() => run?.close());

  test("every record is accounted for, live changes included", () => {
    const { doubles, unreadable, missing, extra, differences, reconciliation } = run.report;
    expect({ missing, extra, differences, doubles, unreadable }).toEqual({
      missing: [],
      extra: [],
      differences: [],
      doubles: [],
      unreadable: 0,
    });
    expect(run.accounted).toBe(true);
    for (const row of reconciliation) expect(row.destination).toBe(row.equal);
    expect(run.report.figures.changes).toBeGreaterThan(30);
  });

  test("what was changed behind its back is named by record and field, and repaired", () => {
    const { planted, unnamed, repaired } = run.report.drift;
    expect(planted.map(({ object, field }) => ({ object, field }))).toEqual(drift);
    expect(unnamed).toEqual([]);
    expect(repaired).toEqual(
      expect.arrayContaining(planted.map(({ object, key }) => `${object} ${key}`)),
    );
  });

  test("every living job of the source is one row, and every closed one is closed once", async () => {
    const jobs = await livingJobs(run);
    const rows = await jobRows(environment, edition);
    const rejected = await run.ledger.query<{ id: string }>(
      "SELECT source_id AS id FROM dead_letter WHERE entity = 'job'",
    );
    for (const { id } of rejected) jobs.delete(id);
    expect([...rows.keys()].sort()).toEqual([...jobs.keys()].sort());
    if (edition === "enterprise") return;
    const closes = await environment.rows(
      "opportunitycloses?$select=activityid,_opportunityid_value",
    );
    const closed = [...rows.values()].filter(({ statecode }) => statecode !== 0);
    expect(closed.length).toBeGreaterThan(10);
    expect(closes.map((close) => close["_opportunityid_value"]).sort()).toEqual(
      closed.map(({ opportunityid }) => opportunityid).sort(),
    );
    for (const [id, row] of rows) {
      const ended = { completed: 1, cancelled: 2 }[String(jobs.get(id)?.toLowerCase())] ?? 0;
      expect({ id, state: row["statecode"] }).toEqual({ id, state: ended });
    }
  });

  test("no Node process grows beyond its memory", () => {
    expect(Object.keys(run.report.figures.peakRss)).toContain("dataverse");
    expect(tooLarge(run)).toEqual([]);
  });
});

/** Statuses of the source's living jobs, by id. */
async function livingJobs({ surroundings }: Rehearsed): Promise<Map<string, string>> {
  const reply = await fetch(`${surroundings.qdispatch.admin}/truth/job?full=1`);
  const lines = (await reply.text()).split("\n").filter((line) => line !== "");
  return new Map(
    lines
      .map((line) => JSON.parse(line) as { id: string; deleted: boolean; row: { status: string } })
      .filter(({ deleted }) => !deleted)
      .map(({ id, row }) => [id, row.status] as const),
  );
}

/** The rows jobs have become, by the source's id. */
async function jobRows(environment: Environment, edition: "enterprise" | "professional") {
  const rows = await environment.rows(
    edition === "enterprise"
      ? "qd_serviceorders?$select=qd_sourcesystemid"
      : "opportunities?$select=qd_sourcesystemid,statecode",
  );
  return new Map(rows.map((row) => [String(row["qd_sourcesystemid"]), row] as const));
}
