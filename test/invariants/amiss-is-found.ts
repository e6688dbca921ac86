import { expect, test } from "vitest";
import { type Rehearsed, tooLarge } from "../e2e/rehearsed.ts";
import { type Environment, openEnvironment } from "../independent/dynamics-rows.ts";
import { amissInDynamics, countsAmiss } from "./dynamics-once.ts";
import { silent, unplant } from "./fault-plans.ts";
import { refusalsAmiss } from "./refusals.ts";

/** Tests of the checks themselves, on a professional environment that is whole; they leave it in disorder. */
export function amissIsFound(whole: () => Rehearsed): void {
  test("rows lost, doubled and strange, jobs closed too often or not at all are named", async () => {
    const run = whole();
    const environment = await openEnvironment(run.surroundings.destination);
    expect(await amissIn(run)).toEqual([]);
    const anOpportunity = (filter: string) => opportunityIn(environment, filter);
    const open = await anOpportunity("statecode eq 0");
    const closed = await anOpportunity("statecode eq 1");
    const other = await anOpportunity(`statecode ne 0 and opportunityid ne ${closed.id}`);
    await close(environment, "WinOpportunity", open.id);
    for (const { id } of [closed, other]) {
      await environment.write("PATCH", `opportunities(${id})`, { statecode: 0 });
    }
    await close(environment, "LoseOpportunity", other.id);
    const [note] = await environment.rows("annotations?$select=annotationid&$top=1");
    await environment.write("DELETE", `annotations(${String(note?.["annotationid"])})`);
    const stranger = await environment.write("POST", "accounts", { name: "By hand" });
    const found = await amissIn(run);
    const expected = [
      `${open.key}: state 1`,
      `${open.key}: closed by 1 rows instead of 0`,
      `${closed.key}: state 0`,
      `${other.key}: closed by 2 rows instead of 1`,
      `account ${stranger}: of no record`,
      expect.stringMatching(/^annotation \S+: no row$/),
      expect.stringMatching(/^opportunityclose [-\w]{36}: of no record$/),
    ];
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test("a job without its row is named", async () => {
    const run = whole();
    const environment = await openEnvironment(run.surroundings.destination);
    const { id, key } = await opportunityIn(environment, "statecode eq 0");
    await environment.write("DELETE", `opportunities(${id})`);
    expect(await amissIn(run)).toEqual(
      expect.arrayContaining([`${key}: lost`, `opportunity ${key}: no row`]),
    );
  });

  test("refusals nobody has planned, and counts that differ, are named", async () => {
    const run = whole();
    await unplant(run.surroundings.destination);
    const letter = { object: "account", key: "customer-1", code: "0x80040225", field: "ownerid" };
    const ledger = { ...run.ledger, query: async <T>() => [letter] as unknown as readonly T[] };
    expect(await refusalsAmiss({ ...run, ledger })).toEqual([
      "account customer-1: refused, 0x80040225 ownerid",
    ]);
    const [row] = run.report.reconciliation;
    if (row === undefined) throw new Error("The report has no line.");
    const reconciliation = [{ ...row, destination: row.equal + 1 }];
    expect(countsAmiss({ reconciliation })).toEqual([
      `${row.object}: ${row.equal} of ${row.equal + 1} rows are equal`,
    ]);
  });

  test("a fault that strikes nothing, and a process that grew too large, are named", async () => {
    const run = whole();
    const never = { id: "never", match: { path: "^nowhere" }, action: { kind: "drop_before" } };
    await run.surroundings.destination.call("POST", "faults", { rules: [never] });
    expect(await silent(run.surroundings)).toEqual(["never"]);
    const peakRss = { loader: 257 * 2 ** 20 };
    const figures = { ...run.report.figures, peakRss };
    expect(tooLarge({ ...run, report: { ...run.report, figures } })).toEqual(["loader: 257 MB"]);
  });
}

/** What is amiss by the run's own last count. */
function amissIn(run: Rehearsed): Promise<string[]> {
  return amissInDynamics({ ...run, reconciliation: run.report.reconciliation });
}

/** Closes an opportunity as a salesperson does. */
async function close(
  environment: Environment,
  action: "WinOpportunity" | "LoseOpportunity",
  id: string,
): Promise<void> {
  const about = { "opportunityid@odata.bind": `/opportunities(${id})` };
  await environment.write("POST", action, {
    Status: -1,
    OpportunityClose: { subject: "By hand", ...about },
  });
}

async function opportunityIn(environment: Environment, filter: string) {
  const [row] = await environment.rows(
    `opportunities?$select=qd_sourcekey&$filter=${filter}&$top=1`,
  );
  return { id: String(row?.["opportunityid"]), key: String(row?.["qd_sourcekey"]) };
}
