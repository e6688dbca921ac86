import { type RowResult, resultKey, type SinkGroup } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { goneCodes } from "./errors.ts";
import { isKeyless } from "../object-plans.ts";
import { isFiles } from "./send.ts";
import { soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

/**
 * Salesforce uses the same codes for a row that is gone and for a row that names a gone one. Rows
 * refused so are asked for by id: those not there become `gone`, the others keep their refusal.
 */
export async function settleGone(
  client: SalesforceClient,
  groups: readonly SinkGroup[],
  results: ReadonlyMap<string, RowResult>,
): Promise<ReadonlyMap<string, RowResult>> {
  try {
    return await withGone(client, groups, results);
  } catch {
    // What was written is known; the rows in doubt are simply tried again.
    return results;
  }
}

async function withGone(
  client: SalesforceClient,
  groups: readonly SinkGroup[],
  results: ReadonlyMap<string, RowResult>,
): Promise<ReadonlyMap<string, RowResult>> {
  const settled = new Map(results);
  for (const { plan, operation, rows } of groups) {
    if (operation === "insert" || isKeyless(plan)) continue;
    const suspects = rows.filter((row) => isGone(results.get(resultKey(plan.object, row.key))));
    const living = new Set<string>();
    for (const ids of soqlChunks(suspects.map((row) => row.destinationId as string))) {
      // The row of a file is its document.
      const object = isFiles({ plan }) ? "ContentDocument" : plan.object;
      const soql = soqlSelect(["Id"], object, soqlIn("Id", ids));
      for await (const page of soqlPages(client, soql)) {
        for (const row of page) living.add(row["Id"] as string);
      }
    }
    for (const row of suspects) {
      const destinationId = row.destinationId as string;
      if (living.has(destinationId)) continue;
      settled.set(resultKey(plan.object, row.key), { kind: "gone", destinationId });
    }
  }
  return settled;
}

function isGone(result: RowResult | undefined): boolean {
  return result?.kind === "refused" && goneCodes.has(result.code);
}
