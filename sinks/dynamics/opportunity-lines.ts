import { opportunityOf, tableOf } from "./closed.ts";
import type { DynamicsClient } from "./client.ts";
import { codes } from "./errors.ts";
import { idOf, standingRows } from "./standing.ts";
import type { Outcomes, Write } from "./write.ts";

/** Whether a row is an opportunity or a line of one. */
export function isOfOpportunity({ form }: Write): boolean {
  return form.plan.object === "opportunity" || form.plan.object === "opportunityproduct";
}

/** The rows whose opportunity is closed. */
export async function closedAmong(
  client: DynamicsClient,
  writes: readonly Write[],
): Promise<ReadonlySet<Write>> {
  const opportunities = await opportunitiesOf(client, writes.filter(isOfOpportunity));
  const table = await tableOf(client, "opportunity");
  const ids = [...new Set(opportunities.values())];
  const standing = await standingRows(client, table, ids, ["statecode"]);
  const isClosed = (id: string): boolean => (standing.get(id)?.["statecode"] ?? 0) !== 0;
  return new Set([...opportunities].flatMap(([write, id]) => (isClosed(id) ? [write] : [])));
}

/** Rows by the opportunity they are, or are lines of. */
export async function rowsByOpportunity(
  client: DynamicsClient,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<ReadonlyMap<string, readonly Write[]>> {
  const opportunities = await opportunitiesOf(client, writes);
  for (const write of writes) {
    if (opportunities.has(write)) continue;
    outcomes.failed(write, { status: 404, code: codes.notThere, message: "The line is gone." });
  }
  const known = writes.filter((write) => opportunities.has(write));
  return Map.groupBy(known, (write) => opportunities.get(write) as string);
}

/** The opportunity of each row; lines that do not name theirs are read, those gone are missing. */
async function opportunitiesOf(
  client: DynamicsClient,
  writes: readonly Write[],
): Promise<ReadonlyMap<Write, string>> {
  const nameless = writes.filter((write) => opportunityOf(write) === undefined);
  const parents = await parentsOf(client, nameless);
  return new Map(
    writes.flatMap((write) => {
      const id = opportunityOf(write) ?? parents.get(write.id.toLowerCase());
      return id === undefined ? [] : [[write, id.toLowerCase()] as const];
    }),
  );
}

async function parentsOf(
  client: DynamicsClient,
  lines: readonly Write[],
): Promise<ReadonlyMap<string, string>> {
  if (lines.length === 0) return new Map();
  const table = await tableOf(client, "opportunityproduct");
  const ids = lines.map(({ id }) => id);
  const rows = await standingRows(client, table, ids, ["_opportunityid_value"]);
  return new Map(
    [...rows.values()].map((row) => [idOf(table, row), String(row["_opportunityid_value"])]),
  );
}
