import type { SalesforceClient } from "./salesforce-client.ts";
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
 * Reference, ContentDocumentLink), so our documents are read first.
 */
export async function* linkPages(
  client: SalesforceClient,
  columns: readonly string[],
): AsyncGenerator<readonly SoqlRow[]> {
  yield* linksOf(client, columns, soqlPages(client, ourDocuments("")));
}

/**
 * Those that have changed since, of documents written lately, which come as pages of
 * `lateDocuments`; what is done to older files' links the sweeps see.
 */
export function changedLinks(
  client: SalesforceClient,
  columns: readonly string[],
  since: number,
  documents: AsyncIterable<readonly SoqlRow[]>,
): AsyncGenerator<readonly SoqlRow[]> {
  return linksOf(client, columns, documents, since);
}

/** The query of our documents whose links may have changed since. */
export function lateDocuments(since: number): string {
  return ourDocuments(` AND SystemModstamp >= ${soqlTime(since - lateMs)}`);
}

function ourDocuments(lately: string): string {
  const condition = `${sourceKeyField} != null${lately}`;
  return soqlSelect(["ContentDocumentId"], "ContentVersion", condition);
}

async function* linksOf(
  client: SalesforceClient,
  columns: readonly string[],
  pages: AsyncIterable<readonly SoqlRow[]>,
  since?: number,
): AsyncGenerator<readonly SoqlRow[]> {
  const all: string[] = [];
  for await (const page of pages) {
    for (const row of page) all.push(row["ContentDocumentId"] as string);
  }
  const changed = since === undefined ? "" : ` AND SystemModstamp >= ${soqlTime(since)}`;
  for (const documents of soqlChunks(all)) {
    const condition = `${soqlIn("ContentDocumentId", documents)}${changed}`;
    const soql = soqlSelect(columns, "ContentDocumentLink", condition);
    for await (const page of soqlPages(client, soql, since !== undefined)) {
      yield page.filter((row) => !notRecords.includes(String(row["LinkedEntityId"]).slice(0, 3)));
    }
  }
}
