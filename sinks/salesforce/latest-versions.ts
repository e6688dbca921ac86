import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { columnsOf } from "./observed-row.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";
import { type SoqlRow, soqlPages } from "./soql-pages.ts";

/**
 * Files as they are now: our key stands on the version we wrote last, and where another user has
 * uploaded a newer one, that is what the file holds.
 */
export async function withLatest(
  client: SalesforceClient,
  plan: ObjectPlan,
  page: readonly SoqlRow[],
): Promise<readonly SoqlRow[]> {
  if (plan.object !== "ContentVersion") return page;
  const isOld = (row: SoqlRow): boolean => String(row["IsLatest"]) !== "true";
  const documents = page.filter(isOld).map((row) => row["ContentDocumentId"] as string);
  if (documents.length === 0) return page;
  const latest = new Map<string, SoqlRow>();
  for (const chunk of soqlChunks(documents)) {
    const condition = `${soqlIn("ContentDocumentId", chunk)} AND IsLatest = true`;
    const soql = soqlSelect(columnsOf(plan), plan.object, condition);
    for await (const rows of soqlPages(client, soql)) {
      for (const row of rows) latest.set(row["ContentDocumentId"] as string, row);
    }
  }
  return page.map((row) => {
    const newer = isOld(row) ? latest.get(row["ContentDocumentId"] as string) : undefined;
    return newer === undefined ? row : { ...newer, [plan.keyField]: row[plan.keyField] };
  });
}
