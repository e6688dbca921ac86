import { Command } from "commander";
import { createDestination, schemaFindings } from "../migration/destination-schema.ts";
import type { SchemaFinding } from "../../sinks/schema-finding.ts";
import { readMigration } from "../migration/migration-file.ts";
import { table } from "../migration/table.ts";
import { exitCodes } from "./exit-codes.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder } from "./running.ts";

interface Options extends CommonOptions {
  readonly migration: string;
  readonly create?: boolean;
}

/** `cutover schema check`: what the destination lacks for the plan, and making it. */
export function schemaCommand(): Command {
  const schema = new Command("schema").description("the destination's objects, fields and rights");
  schema.addCommand(
    new Command("check")
      .description("what the destination lacks for the plan; exit code 3 while anything does")
      .option("--migration <dir>", "migration folder", rehearsalFolder)
      .option("--create", "make what is missing, as far as the destination's API can")
      .option("--json", "answer as JSON")
      .action(check),
  );
  return schema;
}

async function check(options: Options): Promise<void> {
  const migration = readMigration(options.migration);
  const made = options.create === true ? await createDestination(migration) : undefined;
  const findings = await schemaFindings(migration);
  const { created = [], refused = [] } = made ?? {};
  openOutput(options).result({ created, refused, findings }, () =>
    [
      ...created.map((name) => `made  ${name}`),
      ...refused.map(({ name, why }) => `refused  ${name}: ${why}`),
      findings.length === 0 ? "the destination has everything the plan needs" : list(findings),
    ].join("\n"),
  );
  const blocking = findings.some(({ warns }) => warns !== true);
  process.exitCode = blocking ? exitCodes.preflight : exitCodes.ok;
}

function list(findings: readonly SchemaFinding[]): string {
  return table([
    ["problem", "object", "field", "expected", "found", "remedy", "--create"],
    ...findings.map((each) => [
      ...[each.problem, each.object, each.field ?? "", each.expected, each.found, each.remedy],
      each.creatable ? "makes it" : each.warns === true ? "only a warning" : "",
    ]),
  ]);
}
