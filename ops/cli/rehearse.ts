import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { DestinationKind } from "../../pipeline/core/plan.ts";
import { destinations } from "../migration/destinations/index.ts";
import { type Edition, editions } from "../migration/destinations/rehearsed.ts";
import { rehearse } from "../migration/rehearse/rehearse.ts";
import type { StackAddresses } from "../stack/stack.ts";
import { reportText } from "../migration/report-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { type CommonOptions, openOutput, type Output } from "./output.ts";
import { rehearsalFolder } from "./running.ts";
import { type PortOptions, portsOf, withPorts } from "./stack-options.ts";

interface Options extends CommonOptions, PortOptions {
  readonly destination: DestinationKind;
  readonly edition?: Edition;
  readonly size: number;
  readonly seed: number;
  readonly rate: number;
  readonly seconds: number;
  readonly keep?: boolean;
  readonly corpus?: string;
  readonly truth?: string;
  readonly limits?: "published" | false;
  readonly propertyDefinitions: boolean;
  readonly folder: string;
  readonly brokers?: string;
  readonly registry?: string;
}

/** `cutover rehearse`: the whole migration on local simulators; what `npm start` runs. */
export function rehearseCommand(): Command {
  return withPorts(new Command("rehearse"))
    .description("a whole migration on local simulators: load, live delta, drift, repair, report")
    .addOption(
      new Option("--destination <kind>", "what the tenant moves into")
        .choices(Object.keys(destinations))
        .default("salesforce"),
    )
    .addOption(
      new Option("--edition <edition>", "of the destinations that have several").choices(editions),
    )
    .option("--size <customers>", "customers to generate", whole, 500)
    .option("--seed <n>", "seed of everything generated", whole, 1)
    .option("--rate <n>", "live changes a second; 0: no live dispatching", Number, 10)
    .option("--seconds <n>", "how long the delta stays open", whole, 60)
    .option("--corpus <file>", "real service requests (CSV) as the jobs")
    .option("--truth <file>", "your own records, one canonical entity a line (NDJSON)")
    .addOption(
      new Option("--limits <model>", "a destination as slow as published").choices(["published"]),
    )
    .option("--no-property-definitions", "a source without definitions of custom properties")
    .option("--no-limits", "simulators without rate limits and quotas")
    .option("--keep", "leave everything running and print how to reach it")
    .option("--folder <dir>", "the rehearsal's migration folder", rehearsalFolder)
    .option("--brokers <host:port>", "a Kafka that runs already, instead of the local stack")
    .option("--registry <url>", "its Confluent-compatible registry")
    .option("--json", "the report as JSON on stdout")
    .option("--quiet", "no progress")
    .action(async (options: Options) => {
      checkEdition(options);
      const output = openOutput(options);
      const result = await rehearse({
        ...options,
        limits: options.limits ?? true,
        folder: resolve(options.folder),
        corpus: options.corpus === undefined ? undefined : resolve(options.corpus),
        truth: options.truth === undefined ? undefined : resolve(options.truth),
        ...existingStack(options),
        ports: portsOf(options),
        progress: output.progress,
      });
      writeFileSync("report.json", `${JSON.stringify(result.report, null, 2)}\n`);
      output.result(result.report, () => reportText(result.report));
      process.exitCode = result.accounted ? exitCodes.ok : exitCodes.unequal;
      if (options.keep === true) await kept(options.folder, output);
      await result.close();
      process.exit();
    });
}

/** An edition is named for a kind that has several, and for no other. */
function checkEdition({ destination, edition }: Options): void {
  const known = destinations[destination].editions;
  if (edition === undefined && known.length > 0) {
    throw new InvalidArgumentError(
      `${destination} has editions: name one with --edition ${known.join("|")}.`,
    );
  }
  if (edition !== undefined && !known.includes(edition)) {
    throw new InvalidArgumentError(`${destination} has no edition: leave --edition out.`);
  }
}

function existingStack({ brokers, registry }: Options): { stack?: StackAddresses } {
  if (brokers === undefined && registry === undefined) return {};
  if (brokers === undefined || registry === undefined) {
    throw new InvalidArgumentError("--brokers and --registry go together.");
  }
  return { stack: { brokers, registry } };
}

/** Says how to reach what runs, and waits for an interrupt. */
function kept(folder: string, output: Output): Promise<void> {
  const option = folder === rehearsalFolder ? "" : ` --migration ${folder}`;
  output.progress(
    [
      "everything is still running; Ctrl-C ends it. In another terminal:",
      `./cutover status --watch${option}`,
      `./cutover sql "SELECT * FROM reconciliation"${option}`,
      `processes and their addresses: ${folder}/state/processes.json`,
    ].join("\n          "),
  );
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("A whole number, please.");
  return value;
}
