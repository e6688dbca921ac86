import { type Database, LedgerQueryError } from "./database.ts";
import { allowedFunctions, allowedParts } from "./sql-functions.ts";
import { tables } from "./tables.ts";
import { judgedTables, viewNames } from "./views.ts";

/** Why a statement does not pass. */
export class SqlRefused extends Error {}

const longest = 20_000;

/**
 * Lets one reading statement through and refuses everything else with the reason. The embedded
 * engine has the rights of its process, and its own read-only mode lets scalar file(), INTO OUTFILE
 * and DESCRIBE url() pass: so the engine's own parser says what a statement is made of, and each
 * part must be on a list.
 */
export async function passGate(database: Database, statement: string): Promise<string> {
  const sql = statement.trim().replace(/;\s*$/, "");
  if (sql.length > longest) throw new SqlRefused(`A statement has at most ${longest} characters.`);
  if (!/^[(\s]*(select|with)\b/i.test(sql)) {
    throw new SqlRefused("Only SELECT (or WITH … SELECT) is answered here.");
  }
  // The embedded engine would run what follows a semicolon even behind EXPLAIN.
  if (sql.includes(";")) throw new SqlRefused("One statement, and no semicolon in it.");
  // A name in quotes could look like anything below.
  if (/[`\u0000]/.test(sql)) throw new SqlRefused("No names in backticks.");
  checkTree(await parsed(database, sql), sql);
  return sql;
}

async function parsed(database: Database, sql: string): Promise<string[]> {
  try {
    // The parser gives the first FORMAT to the statement, the client's own to EXPLAIN.
    const rows = await database.select<{ explain: string }>(`EXPLAIN AST ${sql}\nFORMAT Null`);
    return rows.map((row) => row.explain);
  } catch (error) {
    if (!(error instanceof LedgerQueryError)) throw error;
    throw new SqlRefused(`ClickHouse cannot parse it: ${error.message}`, { cause: error });
  }
}

function checkTree(lines: readonly string[], sql: string): void {
  const known = new Set([
    ...Object.keys(tables),
    ...viewNames,
    ...judgedTables,
    ...namedInside(sql),
  ]);
  if (lines[0] !== "SelectWithUnionQuery (children 2)") {
    throw new SqlRefused("Leave out FORMAT, SETTINGS and INTO OUTFILE.");
  }
  const root = lines.filter((line) => /^ \S/.test(line)).map((line) => line.trim().split(" ")[0]);
  if (root.join() !== "ExpressionList,Identifier" || !lines.at(-1)?.endsWith(" Identifier Null")) {
    throw new SqlRefused("Leave out FORMAT, SETTINGS and INTO OUTFILE.");
  }
  for (const [index, line] of lines.entries()) {
    checkLine(line.trimStart(), lines[index - 1]?.trimStart() ?? "", known);
  }
}

/** Names a WITH clause defines: `name AS (`. */
function namedInside(sql: string): string[] {
  return [...sql.matchAll(/(?:^|[\s,])(\w+)\s+AS\s*\(/gi)].map((match) => match[1] as string);
}

function checkLine(line: string, before: string, known: ReadonlySet<string>): void {
  const [part = "", name = ""] = line.split(" ");
  if (!allowedParts.has(part)) throw new SqlRefused(`${part || "This"} is not answered here.`);
  if (part === "Function") {
    if (before.startsWith("TableExpression")) {
      throw new SqlRefused(`The table function ${name}() is not allowed.`);
    }
    if (!allowedFunctions.has(name.toLowerCase())) {
      throw new SqlRefused(`The function ${name}() is not allowed.`);
    }
  }
  if (part === "TableIdentifier" && !(known.has(name) && /^\S+ \w+( \(alias \w+\))?$/.test(line))) {
    throw new SqlRefused(`The ledger has no table ${name}.`);
  }
  // `x IN system.numbers` names a table without saying so.
  if (part === "Identifier" && /^(system|information_schema|default|_)/i.test(name)) {
    throw new SqlRefused(`${name} is not part of the ledger.`);
  }
}
