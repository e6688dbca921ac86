import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiledPlan } from "../../ops/migration/compiled.ts";
import { addFallbackOwner, provisioned } from "./benched.ts";
import { type DynamicsCaller, dynamicsCaller } from "./dynamics-caller.ts";
import { cpuSeconds } from "./machine.ts";
import { progress, type Road, secondsSince, startDestination } from "./road.ts";

/** Rows of one CreateMultiple, and calls under way at once: what the service recommends (DOP hint). */
const rowsOfCall = 1000;
const atOnce = 4;
/** Stands in the bodies for the one owner there is, whom each environment calls by another id. */
const ownerPlace = "{owner}";

interface ApiRow {
  readonly [name: string]: unknown;
}

interface Body {
  readonly path: string;
  readonly file: string;
  readonly rows: number;
}

/** Feeds a fresh environment the rows a road has loaded, as CreateMultiple by raw HTTP and as fast as it takes them. */
export async function loadDynamicsAlone(road: Road): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-bench-environment-"));
  mkdirSync(join(folder, "bodies"));
  const bodies = await bodiesOf(road, join(folder, "bodies"));
  progress("rows of the first environment kept as bodies of CreateMultiple");
  const simulator = await startDestination(road.benched, folder, "off");
  try {
    await provisioned(road.benched, simulator, road.migration);
    const owner = await addFallbackOwner(simulator);
    const caller = await dynamicsCaller(simulator);
    const pid = simulator.child.process.pid as number;
    const cpu = cpuSeconds(pid);
    const begun = performance.now();
    const rows: Record<string, object> = {};
    let all = 0;
    for (const [object, calls] of bodies) {
      const [objectBegun, objectCpu] = [performance.now(), cpuSeconds(pid)];
      await sendAll(caller, calls, owner);
      const count = calls.reduce((sum, call) => sum + call.rows, 0);
      all += count;
      rows[object] = rates(count, secondsSince(objectBegun), cpuSeconds(pid) - objectCpu);
    }
    return {
      calls: [...bodies.values()].reduce((sum, calls) => sum + calls.length, 0),
      ...{ rowsOfCall, atOnce },
      ...rates(all, secondsSince(begun), cpuSeconds(pid) - cpu),
      objects: rows,
      peakRssMb: Math.round(simulator.child.peakRss() / 1024 / 1024),
    };
  } finally {
    await simulator.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rates(rows: number, seconds: number, cpu: number): object {
  return {
    ...{ rows, seconds, cpuSeconds: Number(cpu.toFixed(2)) },
    rowsPerSecond: Math.round(rows / seconds),
    rowsPerCpuSecond: Math.round(rows / cpu),
  };
}

async function sendAll(
  caller: DynamicsCaller,
  calls: readonly Body[],
  owner: string,
): Promise<void> {
  const waiting = calls.values();
  const lanes = Array.from({ length: atOnce }, async () => {
    for (const { path, file } of waiting) {
      await caller.post(path, readFileSync(file, "utf8").replaceAll(ownerPlace, owner));
    }
  });
  await Promise.all(lanes);
}

/** What each object's rows were created with, a file for each call, parents first. */
async function bodiesOf(road: Road, folder: string): Promise<ReadonlyMap<string, Body[]>> {
  const caller = await dynamicsCaller(road.destination);
  const { value: tables } = await caller.get<{
    value: { LogicalName: string; EntitySetName: string }[];
  }>("EntityDefinitions?$select=LogicalName,EntitySetName");
  const sets = new Map(tables.map((table) => [table.LogicalName, table.EntitySetName]));
  const all = new Map<string, Body[]>();
  // Closings are no CreateMultiple.
  for (const object of Object.values(road.benched.objects)) {
    if (object === "opportunityclose") continue;
    const plans = compiledPlan(road.migration).plan.objects.filter(
      (each) => each.object === object,
    );
    const fields = new Set(plans.flatMap((plan) => plan.fields.map(({ name }) => name)));
    const keys = plans.map(({ keyField }) => keyField);
    const calls: Body[] = [];
    const set = sets.get(object) ?? "";
    for await (const rows of pagesOf(caller, set)) {
      const file = join(folder, `${object}-${calls.length}.json`);
      const Targets = rows.map((row) => targetOf(object, row, new Set([...fields, ...keys]), sets));
      writeFileSync(file, JSON.stringify({ Targets }));
      calls.push({ path: `${set}/Microsoft.Dynamics.CRM.CreateMultiple`, file, rows: rows.length });
    }
    all.set(object, calls);
  }
  return all;
}

async function* pagesOf(caller: DynamicsCaller, set: string): AsyncGenerator<readonly ApiRow[]> {
  let path: string | undefined = set;
  while (path !== undefined) {
    const page: { value: ApiRow[]; "@odata.nextLink"?: string } = await caller.get(
      path,
      `odata.maxpagesize=${rowsOfCall},odata.include-annotations="Microsoft.Dynamics.CRM.*"`,
    );
    if (page.value.length > 0) yield page.value;
    path = page["@odata.nextLink"];
  }
}

/** A row as a target: columns the plan fills, lookups by their navigation property. */
function targetOf(
  object: string,
  row: ApiRow,
  fields: ReadonlySet<string>,
  sets: ReadonlyMap<string, string>,
): ApiRow {
  const target: Record<string, unknown> = {
    "@odata.type": `Microsoft.Dynamics.CRM.${object}`,
    [`${object}id`]: row[`${object}id`],
  };
  for (const [name, value] of Object.entries(row)) {
    if (value === null || name.includes("@")) continue;
    const lookup = /^_(.+)_value$/.exec(name)?.[1];
    if (lookup === undefined) {
      if (fields.has(name)) target[name] = value;
      continue;
    }
    if (!fields.has(lookup) || lookup === "createdby") continue;
    const navigation = row[`${name}@Microsoft.Dynamics.CRM.associatednavigationproperty`];
    const set = sets.get(String(row[`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`]));
    const id = set === "systemusers" ? ownerPlace : String(value);
    target[`${String(navigation)}@odata.bind`] = `/${set}(${id})`;
  }
  return target;
}
