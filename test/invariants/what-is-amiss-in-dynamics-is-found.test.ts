import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rehearsed, tooLarge } from "../e2e/rehearsed.ts";
import { type Environment, openEnvironment } from "../independent/dynamics-rows.ts";
import { dynamicsUnderFaults as dynamics } from "./dynamics-faults.ts";
import { amissInDynamics, countsAmiss, refusalsAmiss } from "./dynamics-once.ts";
import { endured, silent } from "./fault-plans.ts";

let run: Rehearsed;
let environment: Environment;

beforeAll(async () => {
  ({ run } = await endured(dynamics, [], { size: 20 }));
  environment = await openEnvironment(run.surroundings.destination);
}, 600_000);

afterAll(() => run?.close());

test("rows lost, doubled and strange, jobs closed too often or not at all are named", async () => {
  expect(await amissInDynamics(run)).toEqual([]);
  const open = await anOpportunity("statecode eq 0");
  const closed = await anOpportunity("statecode eq 1");
  const other = await anOpportunity(`statecode ne 0 and opportunityid ne ${closed.id}`);
  await close("WinOpportunity", open.id);
  for (const { id } of [closed, other]) {
    await environment.write("PATCH", `opportunities(${id})`, { statecode: 0 });
  }
  await close("LoseOpportunity", other.id);
  const [note] = await environment.rows("annotations?$select=annotationid&$top=1");
  await environment.write("DELETE", `annotations(${String(note?.["annotationid"])})`);
  const stranger = await environment.write("POST", "accounts", { name: "By hand" });
  const found = await amissInDynamics(run);
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
  const { id, key } = await anOpportunity("statecode eq 0");
  await environment.write("DELETE", `opportunities(${id})`);
  expect(await amissInDynamics(run)).toEqual(
    expect.arrayContaining([`${key}: lost`, `opportunity ${key}: no row`]),
  );
});

test("refusals nobody has planned, and counts that differ, are named", async () => {
  const letter = { object: "account", key: "customer-1", code: "0x80040225", field: "ownerid" };
  const ledger = { ...run.ledger, query: async <T>() => [letter] as unknown as readonly T[] };
  expect(await refusalsAmiss({ environment, run: { ...run, ledger } })).toEqual([
    "account customer-1: refused, 0x80040225 ownerid",
  ]);
  const [row] = run.report.reconciliation;
  if (row === undefined) throw new Error("The report has no line.");
  const reconciliation = [{ ...row, destination: row.equal + 1 }];
  expect(countsAmiss({ report: { ...run.report, reconciliation } })).toEqual([
    `${row.object}: ${row.equal} of ${row.equal + 1} rows are equal`,
  ]);
});

test("a fault that strikes nothing, and a process that grew too large, are named", async () => {
  const never = { id: "never", match: { path: "^nowhere" }, action: { kind: "drop_before" } };
  await run.surroundings.destination.call("POST", "faults", { rules: [never] });
  expect(await silent(run.surroundings)).toEqual(["never"]);
  const peakRss = { loader: 257 * 2 ** 20 };
  const figures = { ...run.report.figures, peakRss };
  expect(tooLarge({ ...run, report: { ...run.report, figures } })).toEqual(["loader: 257 MB"]);
});

/** Closes an opportunity as a salesperson does. */
async function close(action: "WinOpportunity" | "LoseOpportunity", id: string): Promise<void> {
  const about = { "opportunityid@odata.bind": `/opportunities(${id})` };
  await environment.write("POST", action, {
    Status: -1,
    OpportunityClose: { subject: "By hand", ...about },
  });
}

async function anOpportunity(filter: string) {
  const [row] = await environment.rows(
    `opportunities?$select=qd_sourcekey&$filter=${filter}&$top=1`,
  );
  return { id: String(row?.["opportunityid"]), key: String(row?.["qd_sourcekey"]) };
}
