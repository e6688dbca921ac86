import type { SalesforceClient } from "./client.ts";
import { sourceKeyField } from "./observed-row.ts";
import { type SoqlRow, soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect, soqlTime } from "./soql.ts";

/** A link follows its file by seconds or, where its record waited, by minutes. */
const lateMs = 10 * 60 * 1000;

/**
 * Who is no record: users, groups, libraries and the org itself. Salesforce links a new file to its
 * owner by itself, and who shares it with a colleague changes nothing of ours (Object Reference,
 * ContentDocumentLink.LinkedEntityId).
 */
const notRecords = ["005", "00G", "058", "0F9", "00D"];

/**
 * Links of our files to records. A link may be queried only by document or record (SOQL and SOSL
 * Reference, ContentDocumentLink), so our documents are read first. With `since`: links of documents
 * written lately that have changed since; what is done to older files' links the sweeps see.
 */
export async function* linkPages(
  client: SalesforceClient,
  columns: readonly string[],
  since: number | null,
): AsyncGenerator<readonly SoqlRow[]> {
  for (const documents of soqlChunks(await ourDocuments(client, since))) {
    const changed = since === null ? "" : ` AND SystemModstamp >= ${soqlTime(since)}`;
    const condition = `${soqlIn("ContentDocumentId", documents)}${changed}`;
    const soql = soqlSelect(columns, "ContentDocumentLink", condition);
    for await (const page of soqlPages(client, soql, since !== null)) {
      yield page.filter((row) => !notRecords.includes(String(row["LinkedEntityId"]).slice(0, 3)));
    }
  }
}

async function ourDocuments(client: SalesforceClient, since: number | null): Promise<string[]> {
  const lately = since === null ? "" : ` AND SystemModstamp >= ${soqlTime(since - lateMs)}`;
  const condition = `${sourceKeyField} != null${lately}`;
  const soql = soqlSelect(["ContentDocumentId"], "ContentVersion", condition);
  const documents: string[] = [];
  for await (const page of soqlPages(client, soql)) {
    for (const row of page) documents.push(row["ContentDocumentId"] as string);
  }
  return documents;
}
