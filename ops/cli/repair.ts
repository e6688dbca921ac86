import { Command } from "commander";
import { ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { compiledPlan } from "../migration/compiled.ts";
import { confirmedRun } from "../migration/confirmed-run.ts";
import { repair } from "../migration/repair.ts";
import { openRun } from "../migration/run-context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder, runningMigration } from "./running.ts";
import { rowsText } from "./sql.ts";

/** `cutover repair`: orders again whatever the ledger calls missing, extra or differing. */
export function repairCommand(): Command {
  return new Command("repair")
    .description("order again whatever is missing, extra or differing, and read it back")
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--json", "answer as JSON")
    .option("--quiet", "no progress")
    .action(async (options: CommonOptions & { migration: string }) => {
      const output = openOutput(options);
      const { migration, ledgerUrl } = runningMigration(options.migration);
      const ledger = ledgerClient(ledgerUrl);
      const context = await openRun({
        migration,
        plan: compiledPlan(migration).plan,
        run: await confirmedRun(migration, "repair"),
        failure: () => undefined,
        saidBy: "repair",
        progress: output.progress,
      });
      const repaired = await repair(context, ledger);
      const left = await ledger.deviating();
      output.result({ repaired, left }, () =>
        [
          repaired.length === 0
            ? "Nothing deviates."
            : rowsText(repaired.map((each) => ({ ...each }))),
          left.length === 0
            ? ""
            : `Still deviating:\n${rowsText(left.map((each) => ({ ...each })))}`,
        ].join("\n"),
      );
      await context.close();
      process.exit(left.length === 0 ? exitCodes.ok : exitCodes.unequal);
    });
}
