import { createHash } from "node:crypto";
import { comparableEmail } from "../canonical-text.ts";
import type { Comparison } from "../comparison.ts";
import { type Environment, type EnvironmentAccess, openEnvironment } from "../dynamics-rows.ts";
import type { ExpectedRow } from "../expectation.ts";
import { readTruth } from "../truth.ts";
import { type TablesExpected, tablesExpected } from "./expectation.ts";
import { comparableText, harmIn } from "./forms.ts";
import { application } from "./head.ts";
import type { Edition } from "./table-rules.ts";
import { type FoundTable, forms, readTable, valueIn } from "./tables.ts";

/** Tables that hold rows of others too. */
const shared = new Set(["systemuser"]);
/** Columns that show HTML. */
const rich: Readonly<Record<string, string>> = { annotation: "notetext", email: "description" };

/** Compares what the source holds with what the Web API returns, by a road of its own. */
export async function compareTables(
  source: { readonly admin: string },
  destination: EnvironmentAccess,
  edition: Edition,
): Promise<Comparison> {
  const [truth, environment] = await Promise.all([
    readTruth(source.admin),
    openEnvironment(destination),
  ]);
  const users = await environment.rows("systemusers");
  const names = new Map<string, string>();
  for (const user of users) {
    const email = comparableEmail(user["internalemailaddress"]);
    names.set(String(user["systemuserid"]), user["applicationid"] === null ? email : application);
  }
  const enabled = users.filter((user) => user["isdisabled"] === false);
  const emails = new Set(enabled.map((user) => comparableEmail(user["internalemailaddress"])));
  const wanted = tablesExpected(truth, edition, emails);
  const found = await readTables(environment, wanted);
  const keys = [...found.values()].map((table) => keysOf(table, wanted.rows.get(table.name)));
  for (const [id, key] of keys.flatMap((each) => [...each])) if (!names.has(id)) names.set(id, key);
  const differences: string[] = [];
  for (const [at, table] of [...found.values()].entries()) {
    differences.push(...tableDifferences(table, wanted, keys[at] ?? new Map(), names));
  }
  differences.push(...(await unknownTables(environment, found)));
  const counts = [...found.values()].map(({ name, rows }) => [name, rows.length] as const);
  return { differences, rows: Object.fromEntries(counts), absent: wanted.absent };
}

async function readTables(
  environment: Environment,
  { rows }: TablesExpected,
): Promise<ReadonlyMap<string, FoundTable>> {
  const tables = new Map<string, FoundTable>();
  for (const name of rows.keys()) tables.set(name, await readTable(environment, name));
  return tables;
}

/** Id → source key: what the row says, or where it has no column for it, whom its id is made of. */
function keysOf(
  { name, id, rows, custom }: FoundTable,
  wanted: ReadonlyMap<string, ExpectedRow> = new Map(),
): ReadonlyMap<string, string> {
  const made = new Map([...wanted.keys()].map((key) => [idMadeOf(name, key), key]));
  const keyed = custom.includes("qd_sourcesystemid");
  return new Map(
    rows.flatMap((row) => {
      const own = String(row[id]);
      const key = keyed ? row["qd_sourcekey"] : (made.get(own) ?? own);
      if (typeof key === "string") return [[own, key] as const];
      return shared.has(name) ? [] : [[own, own] as const];
    }),
  );
}

const namespace = Buffer.from("7d0c1f3e52c84a6b9a3f6d5be0a4c271", "hex");

/** The id a row is promised to have for good: a name-based UUID of its table and source key. */
function idMadeOf(table: string, key: string): string {
  const hash = createHash("sha1").update(namespace).update(`${table}|${key}`).digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `5${hash.slice(13, 16)}`];
  return [...parts, `${variant}${hash.slice(18, 20)}`, hash.slice(20, 32)].join("-");
}

function tableDifferences(
  table: FoundTable,
  { rows, known }: TablesExpected,
  keys: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): string[] {
  const wanted = rows.get(table.name) ?? new Map<string, ExpectedRow>();
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const row of table.rows) {
    const key = keys.get(String(row[table.id]));
    if (key === undefined) continue;
    const title = `${table.name} ${key}`;
    if (seen.has(key)) lines.push(`${title}: twice`);
    seen.add(key);
    const expected = wanted.get(key);
    if (expected === undefined) {
      lines.push(`${title}: extra`);
      continue;
    }
    const all = { ...emptyColumns(table, known.get(title)), ...expected };
    for (const [name, value] of Object.entries(all)) {
      const [column = "", form = ""] = name.split("#");
      const held = forms[form]?.(row[column], column) ?? null;
      const found = form === "" ? valueIn(table, row, column, names) : held;
      if (found === (form === "" ? comparableText(value) : value)) continue;
      lines.push(`${title} ${column}: expected ${short(value)}, found ${short(found)}`);
    }
    const harm = harmIn(String(row[rich[table.name] ?? ""] ?? ""));
    if (harm !== undefined) lines.push(`${title} ${rich[table.name]}: holds ${short(harm)}`);
  }
  for (const key of wanted.keys()) if (!seen.has(key)) lines.push(`${table.name} ${key}: missing`);
  return lines;
}

/** Columns made for other records of the table: nothing, and what is no must be no. */
function emptyColumns(
  { custom, types }: FoundTable,
  known: ReadonlySet<string> = new Set(),
): ExpectedRow {
  const others = custom.filter((column) => !known.has(column));
  const empty = (column: string) => (types.get(column) === "BooleanType" ? "false" : null);
  return Object.fromEntries(others.map((column) => [column, empty(column)]));
}

function short(value: string | null): string {
  return JSON.stringify(value).slice(0, 300);
}

/** Tables somebody made that no rule knows. */
async function unknownTables(
  environment: Environment,
  found: ReadonlyMap<string, FoundTable>,
): Promise<string[]> {
  const made = await environment.rows(
    "EntityDefinitions?$filter=IsCustomEntity eq true&$select=LogicalName",
  );
  return made
    .map((table) => String(table["LogicalName"]))
    .filter((name) => name.startsWith("qd_") && !found.has(name))
    .map((name) => `${name}: a table no rule knows`);
}
