import { comparableEmail, letters, number, seconds } from "./canonical-text.ts";
import { commentDifferences } from "./comments.ts";
import type { Comparison } from "./comparison.ts";
import { type Expectation, expected, type ExpectedRow } from "./expectation.ts";
import { type Access, type FoundRow, type Org, openOrg } from "./salesforce-rows.ts";
import { readTruth, type Truth } from "./truth.ts";

/** What ids stand for: e-mails of users, source keys of the rows lookups name. */
interface Names {
  readonly emails: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, string>;
}

const decimals =
  /^(Latitude|Longitude|Quantity|Rate|Cost|Total|Position|Balance|Credit_Limit|Hours_Worked|Hourly_Rate|Subtotal|Tax|Paid|Amount|Unapplied)__c$/;
const moments = /(_At|_Start|_End)__c$|^(Start|End)DateTime$/;
const people = new Set(["OwnerId", "User__c"]);
/** Lookups into several objects: SOQL gives their ids only. */
const ids = new Set(["WhatId", "WhoId"]);
/** Objects that hold rows of others too: automatic relations, users who are no technicians. */
const shared = new Set(["AccountContactRelation", "User"]);

/** Compares what the source holds with what SOQL returns, by a road of its own. */
export async function compare(
  source: { readonly admin: string },
  destination: Access,
): Promise<Comparison> {
  return compareWith(await readTruth(source.admin), await openOrg(destination));
}

/** Compares a truth with an org. */
export async function compareWith(truth: Truth, org: Org): Promise<Comparison> {
  const users = await org.query("SELECT Id, Email FROM User");
  const emails = new Map(users.map((user) => [String(user["Id"]), comparableEmail(user["Email"])]));
  const wanted = expected(truth, new Set(emails.values()));
  const names = { emails, keys: await keysOf(org) };
  const differences: string[] = [];
  const counts: Record<string, number> = {};
  for (const [object, rows] of wanted.rows) {
    const found = await foundRows(org, object, rows, differences);
    counts[object] = found.size;
    for (const [key, row] of rows) {
      differences.push(...rowDifferences(`${object} ${key}`, row, found.get(key), names));
    }
    for (const key of found.keys()) if (!rows.has(key)) differences.push(`${object} ${key}: extra`);
  }
  const comments = await org.query(
    "SELECT Id, Parent.Source_Key__c, CommentBody, IsPublished, CreatedDate, CreatedById FROM CaseComment",
  );
  counts["CaseComment"] = comments.length;
  differences.push(...commentDifferences(wanted.parts, comments));
  differences.push(...(await linkDifferences(org, wanted, names)));
  return { differences, rows: counts, absent: wanted.absent };
}

async function keysOf(org: Org): Promise<ReadonlyMap<string, string>> {
  const rows = await Promise.all(
    ["Account", "Contact", "Case"].map((object) =>
      org.query(`SELECT Id, Source_Key__c FROM ${object}`),
    ),
  );
  return new Map(rows.flat().map((row) => [String(row["Id"]), String(row["Source_Key__c"])]));
}

async function foundRows(
  org: Org,
  object: string,
  wanted: ReadonlyMap<string, ExpectedRow>,
  differences: string[],
): Promise<Map<string, FoundRow>> {
  const named = new Set([...wanted.values()].flatMap(Object.keys));
  const columns = [...named].filter((name) => name !== "sha256" && name !== "letters");
  const selected = [...new Set(["Id", "Source_Key__c", ...columns])].join(", ");
  const found = new Map<string, FoundRow>();
  for (const row of await allRows(org, object, selected)) {
    const key = String(row["Source_Key__c"]);
    if (found.has(key)) differences.push(`${object} ${key}: twice`);
    found.set(key, object === "ContentVersion" ? await withBytes(org, row) : row);
  }
  return found;
}

/** Events and tasks of long ago are archived, and only queryAll has them. */
function allRows(org: Org, object: string, columns: string): Promise<FoundRow[]> {
  const soql = `SELECT ${columns} FROM ${object}`;
  if (object === "Event" || object === "Task") {
    return org.queryAll(`${soql} WHERE IsDeleted = false`);
  }
  if (object === "ContentVersion") return org.query(`${soql} WHERE IsLatest = true`);
  return org.query(shared.has(object) ? `${soql} WHERE Source_Key__c != null` : soql);
}

async function withBytes(org: Org, row: FoundRow): Promise<FoundRow> {
  const { sha256, text } = await org.bytes(String(row["Id"]));
  return { ...row, sha256, letters: letters(text) };
}

function rowDifferences(
  row: string,
  wanted: ExpectedRow,
  found: FoundRow | undefined,
  names: Names,
): string[] {
  if (found === undefined) return [`${row}: missing`];
  return Object.entries(wanted).flatMap(([column, value]) => {
    const held = comparableValue(column, found[column], names);
    if (held === value) return [];
    return `${row} ${column}: expected ${JSON.stringify(value)}, found ${JSON.stringify(held)}`;
  });
}

/** A value as SOQL returned it, in the expectation's form. */
function comparableValue(column: string, value: unknown, { emails, keys }: Names): string | null {
  if (value === null || value === undefined) return null;
  if (people.has(column)) return emails.get(String(value)) ?? String(value);
  if (ids.has(column)) return keys.get(String(value)) ?? String(value);
  if (decimals.test(column)) return number(value);
  if (column === "Contact_Role__c") return String(value).split(";").sort().join(";");
  if (column === "Findings__c") return "yes";
  if (moments.test(column)) return seconds(Date.parse(String(value)));
  return String(value);
}

/** Links of our documents to records; the org itself links each to its owner. */
async function linkDifferences(org: Org, wanted: Expectation, { keys }: Names): Promise<string[]> {
  const versions = await org.query(
    "SELECT ContentDocumentId, Source_Key__c FROM ContentVersion WHERE IsLatest = true",
  );
  const documents = new Map(
    versions.map((row) => [String(row["ContentDocumentId"]), String(row["Source_Key__c"])]),
  );
  const found = new Set<string>();
  for (const chunk of chunks([...documents.keys()], 200)) {
    const list = chunk.map((id) => `'${id}'`).join(",");
    for (const row of await org.query(
      `SELECT ContentDocumentId, LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId IN (${list})`,
    )) {
      const linked = String(row["LinkedEntityId"]);
      if (linked.startsWith("005")) continue;
      const document = documents.get(String(row["ContentDocumentId"]));
      found.add(`${document} ${keys.get(linked) ?? linked}`);
    }
  }
  return [
    ...[...wanted.links].filter((pair) => !found.has(pair)).map((pair) => `link ${pair}: missing`),
    ...[...found].filter((pair) => !wanted.links.has(pair)).map((pair) => `link ${pair}: extra`),
  ];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
