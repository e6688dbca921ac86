import { comparableEmail, number, seconds } from "./canonical-text.ts";
import { expected, type ExpectedRow, ownerColumn } from "./expectation.ts";
import { type Access, type FoundRow, type Org, openOrg } from "./salesforce-rows.ts";
import { readTruth } from "./truth.ts";

/** The two sides, compared. */
export interface Comparison {
  /** One line for each thing that is not as it should be; empty when all is well. */
  readonly differences: readonly string[];
  /** Rows found per object. */
  readonly rows: Readonly<Record<string, number>>;
  /** Living source records without a row: source key → why, derived from the truth alone. */
  readonly absent: ReadonlyMap<string, string>;
}

const decimals = /^(Quantity|Rate|Cost|Total|Position|Balance|Credit_Limit)__c$/;

/** Compares what the source holds with what SOQL returns, by a road of its own. */
export async function compare(
  source: { readonly admin: string },
  destination: Access,
): Promise<Comparison> {
  const org = await openOrg(destination);
  const users = await org.query("SELECT Id, Email FROM User");
  const emails = new Map(users.map((user) => [String(user["Id"]), comparableEmail(user["Email"])]));
  const { rows, absent } = expected(await readTruth(source.admin), new Set(emails.values()));
  const differences: string[] = [];
  const counts: Record<string, number> = {};
  for (const [object, wanted] of rows) {
    const found = await foundRows(org, object, wanted, differences);
    counts[object] = found.size;
    for (const [key, row] of wanted)
      compareRow([object, key], row, found.get(key), { emails, differences });
    for (const key of found.keys())
      if (!wanted.has(key)) differences.push(`${object} ${key}: extra`);
  }
  return { differences, rows: counts, absent };
}

async function foundRows(
  org: Org,
  object: string,
  wanted: ReadonlyMap<string, ExpectedRow>,
  differences: string[],
): Promise<Map<string, FoundRow>> {
  const columns = new Set(["Source_Key__c", ...[...wanted.values()].flatMap(Object.keys)]);
  const found = new Map<string, FoundRow>();
  const soql = `SELECT ${[...columns].join(", ")} FROM ${object}`;
  for (const row of await org.query(soql)) {
    const key = String(row["Source_Key__c"]);
    if (found.has(key)) differences.push(`${object} ${key}: twice`);
    found.set(key, row);
  }
  return found;
}

function compareRow(
  [object, key]: readonly [string, string],
  wanted: ExpectedRow,
  found: FoundRow | undefined,
  parts: { readonly emails: ReadonlyMap<string, string>; readonly differences: string[] },
): void {
  if (found === undefined) {
    parts.differences.push(`${object} ${key}: missing`);
    return;
  }
  for (const [column, value] of Object.entries(wanted)) {
    const raw = found[column];
    const held =
      column === ownerColumn ? parts.emails.get(String(raw)) : comparableValue(column, raw);
    if (held === value) continue;
    parts.differences.push(
      `${object} ${key} ${column}: expected ${JSON.stringify(value)}, found ${JSON.stringify(held)}`,
    );
  }
}

/** A value as SOQL returned it, in the expectation's form. */
function comparableValue(column: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (decimals.test(column)) return number(value);
  if (column === "Contact_Role__c") return String(value).split(";").sort().join(";");
  if (/_At__c$/.test(column)) return seconds(Date.parse(String(value)));
  return String(value);
}
