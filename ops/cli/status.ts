import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder, runningMigration } from "./running.ts";
import { rowsText } from "./sql.ts";

interface Options extends CommonOptions {
  readonly migration: string;
  readonly watch?: boolean;
}

/** `cutover status [--watch]`: where every stage and every object stands. */
export function statusCommand(): Command {
  return new Command("status")
    .description("where every stage and every object stands")
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--watch", "again every two seconds until interrupted")
    .option("--json", "answer as JSON")
    .action(async (options: Options) => {
      const { ledgerUrl } = runningMigration(options.migration);
      const ledger = ledgerClient(ledgerUrl);
      const output = openOutput(options);
      for (;;) {
        const status = await ledger.status();
        output.result(status, () => statusText(status));
        if (options.watch !== true) return;
        await sleep(2000);
        if (process.stdout.isTTY && !options.json) process.stdout.write("\x1b[2J\x1b[H");
      }
    });
}

function statusText(status: object): string {
  return Object.entries(status)
    .map(([name, value]) =>
      Array.isArray(value)
        ? `${name}\n${rowsText(value as Record<string, unknown>[])}\n`
        : `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    )
    .join("\n");
}
