import { resolve } from "node:path";
import { Command } from "commander";
import { stageBusinessCentral } from "../migration/business-central.ts";
import type { Manifest } from "../migration/business-central/file-set.ts";
import { readMigration } from "../migration/migration-file.ts";
import { table } from "../migration/table.ts";
import { exitCodes } from "./exit-codes.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder } from "./running.ts";

interface Options extends CommonOptions {
  readonly migration: string;
  readonly folder: string;
}

/** `cutover export business-central --folder F`: files for what is loaded in a second phase. */
export function exportCommand(): Command {
  const all = new Command("export").description("files for what is loaded in a second phase");
  return all.addCommand(
    new Command("business-central")
      .description("invoices, their lines and customers, and payments as CSV files with a manifest")
      .requiredOption("--folder <dir>", "where the files go; files of the same names are replaced")
      .option("--migration <dir>", "migration folder", rehearsalFolder)
      .option("--json", "answer as JSON")
      .action(async (options: Options) => {
        const migration = readMigration(options.migration);
        const manifest = await stageBusinessCentral(migration, resolve(options.folder));
        openOutput(options).result(manifest, () => manifestText(manifest));
        // The Kafka client keeps the process alive.
        process.exit(manifest.complete ? exitCodes.ok : exitCodes.preflight);
      }),
  );
}

function manifestText({ files, left_out, complete }: Manifest): string {
  const sums = (of: Manifest["files"][number]["sums"]): string =>
    Object.entries(of)
      .flatMap(([column, by]) =>
        Object.entries(by).map(([currency, sum]) => `${column} ${sum} ${currency}`.trim()),
      )
      .join("; ");
  const lines = files.map((file) => [file.name, file.rows, sums(file.sums)]);
  const left = Object.entries(left_out).map(([reason, count]) => [reason, count, "left out"]);
  const text = table([["file", "rows", "sums"], ...lines, ...left]);
  const warning =
    "The source has not been read to its end: export again when the snapshot has ended.";
  return complete ? text : `${text}\n${warning}`;
}
