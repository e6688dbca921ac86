import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { rowGuid } from "../../sinks/dynamics/row-guid.ts";
import type { SinkRow } from "../../sinks/sink.ts";
import { aRow, lookup, planOf, text, type Writing, writing } from "../sinks/dynamics/writing.ts";
import { benchedOf } from "./benched.ts";
import { machine } from "./machine.ts";

const account = planOf("account", [
  text("name", { length: 160 }),
  lookup("parentaccountid", "account"),
]);
const line = planOf("opportunityproduct", [
  text("productdescription"),
  { name: "isproductoverridden", type: "boolean", createOnly: true },
  { name: "quantity", type: "decimal", scale: 2 },
  { name: "priceperunit", type: "decimal", scale: 2 },
  lookup("uomid", "uom"),
  lookup("opportunityid", "opportunity"),
]);

/**
 * Calls that rows take of which a few are bad, sent as one request: where the bad ones are known before
 * they leave, where the refusal names what they refer to (and when their like comes again), and where
 * it says nothing of which row was at fault.
 */
export async function bench(args: Record<string, string>): Promise<object> {
  const { kind } = benchedOf(args, "dynamics");
  if (kind !== "dynamics")
    throw new Error("bad-rows is for Dynamics, whose calls take all rows or none.");
  const rows = Number(args["rows"] ?? 1000);
  const bad = Number(args["bad"] ?? 3);
  const before = machine();
  const env = await writing();
  try {
    const parts = { rows, isBad: spread(rows, bad) };
    return {
      machine: before,
      ...{ rows, bad, rowsOfCall: 1000 },
      bound: Math.ceil(rows / 1000) + Math.floor(bad * (2 * Math.log2(Math.min(rows, 1000)) + 1)),
      boundFormula: "calls without bad rows + bad * (2*log2(rows of a call) + 1)",
      noneBad: await tooLong(env, "good", { rows, isBad: () => false }),
      knownBeforehand: await tooLong(env, "long", parts),
      namedByTheRefusal: await parentless(env, "first", parts),
      namedAndComeAgain: await parentless(env, "second", parts),
      namedByNothing: await unlike(env, parts),
    };
  } finally {
    await env.close();
  }
}

interface Asked {
  readonly rows: number;
  readonly isBad: (at: number) => boolean;
}

/** So many places far apart. */
function spread(rows: number, bad: number): Asked["isBad"] {
  const places = Array.from({ length: bad }, (_, n) => Math.floor(((n + 0.37) * rows) / bad));
  return (at) => places.includes(at);
}

function tooLong(env: Writing, name: string, { rows, isBad }: Asked): Promise<object> {
  const text = (at: number): string => (isBad(at) ? "x".repeat(5000) : `Customer ${at}`);
  return sent(
    env,
    account,
    manyRows(name, rows, (at) => ({ name: text(at) })),
  );
}

function parentless(env: Writing, name: string, { rows, isBad }: Asked): Promise<object> {
  const missing = rowGuid("account", "nobody");
  const fields = (at: number): SinkRow["fields"] => ({
    name: `Customer ${at}`,
    parentaccountid: isBad(at) ? missing : null,
  });
  return sent(env, account, manyRows(name, rows, fields));
}

/** A written-in line must have no unit; the service does not say which line has one. */
async function unlike(env: Writing, { rows, isBad }: Asked): Promise<object> {
  const group = await env.raw.create("uomschedules", { name: "Units", baseuomname: "Each" });
  const uomid = await env.raw.create("uoms", {
    ...{ name: "Each", quantity: 1 },
    "uomscheduleid@odata.bind": `/uomschedules(${group})`,
  });
  const opportunityid = await env.raw.create("opportunities", { name: "Roof" });
  const fields = (at: number): SinkRow["fields"] => ({
    ...{ productdescription: `Line ${at}`, isproductoverridden: true },
    ...{ quantity: "1.5", priceperunit: "10.1", opportunityid },
    uomid: isBad(at) ? uomid : null,
  });
  return sent(env, line, manyRows("line", rows, fields));
}

function manyRows(
  name: string,
  count: number,
  fields: (at: number) => SinkRow["fields"],
): readonly SinkRow[] {
  return Array.from({ length: count }, (_, at) => aRow(`${name}-${at}`, fields(at)));
}

async function sent(env: Writing, plan: ObjectPlan, rows: readonly SinkRow[]): Promise<object> {
  await env.parts.forms.of(plan);
  const results: Record<string, number> = {};
  const callsByKind = await env.counted(async () => {
    for (const { kind } of (await env.send(plan, "insert", rows)).values()) {
      results[kind] = (results[kind] ?? 0) + 1;
    }
  });
  const calls = Object.values(callsByKind).reduce((sum, n) => sum + n, 0);
  return { calls, callsByKind, results };
}
