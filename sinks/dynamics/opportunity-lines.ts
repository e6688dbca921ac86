import { opportunityOf, tableOf } from "./closed.ts";
import type { DynamicsClient } from "./client.ts";
import { codes } from "./errors.ts";
import { idOf, standingRows } from "./standing.ts";
import type { Outcomes, Write } from "./write.ts";

/** Rows by the opportunity they are, or are lines of; of a line that goes, it is read. */
export async function rowsByOpportunity(
  client: DynamicsClient,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<ReadonlyMap<string, readonly Write[]>> {
  const nameless = writes.filter((write) => opportunityOf(write) === undefined);
  const parents = await parentsOf(client, nameless);
  const groups = new Map<string, Write[]>();
  for (const write of writes) {
    const id = opportunityOf(write) ?? parents.get(write.id);
    if (id === undefined) {
      outcomes.failed(write, { status: 404, code: codes.notThere, message: "The line is gone." });
      continue;
    }
    const same = groups.get(id.toLowerCase());
    if (same === undefined) groups.set(id.toLowerCase(), [write]);
    else same.push(write);
  }
  return groups;
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
