import { Command } from "commander";
import { ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { table } from "../migration/table.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder, runningMigration } from "./running.ts";

/** `cutover sql "SELECT …"`: any question to the ledger, read only. */
export function sqlCommand(): Command {
  return new Command("sql")
    .description("ask the ledger; one read-only statement")
    .argument("<statement>", 'e.g. "SELECT * FROM reconciliation"')
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--json", "answer as JSON")
    .action(async (statement: string, options: CommonOptions & { migration: string }) => {
      const { ledgerUrl } = runningMigration(options.migration);
      const rows = await ledgerClient(ledgerUrl).query<Record<string, unknown>>(statement);
      openOutput(options).result(rows, () => rowsText(rows));
    });
}

/** Rows as a table; what is no plain value stands as JSON. */
export function rowsText(rows: readonly Record<string, unknown>[]): string {
  const [first] = rows;
  if (first === undefined) return "no rows";
  const columns = Object.keys(first);
  return table([columns, ...rows.map((row) => columns.map((column) => cell(row[column])))]);
}

function cell(value: unknown): string | number {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
