import { Command } from "commander";
import { ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder, runningMigration } from "./running.ts";
import { rowsText } from "./sql.ts";

/** `cutover explain OBJECT KEY`: every version of one record on its way. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("every version of one record on its way")
    .argument("<object>", "as the report names it, e.g. Case or opportunity")
    .argument("<key>", "source key, e.g. job-1001")
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--json", "answer as JSON")
    .action(async (object: string, key: string, options: CommonOptions & { migration: string }) => {
      const { ledgerUrl } = runningMigration(options.migration);
      const events = await ledgerClient(ledgerUrl).explain(object, key);
      openOutput(options).result(events, () =>
        events.length === 0
          ? `The ledger knows no ${object} ${key}.`
          : rowsText(events.map((event) => ({ ...event }))),
      );
    });
}
