import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { limitsModelName } from "../simulators/salesforce/store/processing-models.ts";
import { portNumber } from "./stack-options.ts";

interface Options {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly folder: string;
  readonly seed: number;
  readonly size: number;
  readonly corpus?: string;
  readonly truth?: string;
  /** A model by name, or false: off. */
  readonly limits?: string | false;
  readonly quietStart?: boolean;
  readonly realities: "on" | "off";
  readonly largeFiles?: boolean;
  readonly bearerFiles?: boolean;
  readonly propertyDefinitions: boolean;
  readonly tier?: "enterprise" | "professional";
  readonly owned?: boolean;
}

/** `cutover simulators NAME`: a simulator in the foreground; one JSON line when it is ready. */
export function simulatorsCommand(): Command {
  return new Command("simulators")
    .description("start a simulator in the foreground: qdispatch, salesforce or dataverse")
    .argument("<name>", "qdispatch, salesforce or dataverse")
    .option("--http-port <port>", "0 takes any", portNumber, 0)
    .option("--https-port <port>", "0 takes any", portNumber, 0)
    .option("--folder <dir>", "state; kept through a restart", ".cutover/simulators")
    .option("--seed <n>", "seed of everything generated", Number, 1)
    .option("--size <n>", "qdispatch: customers", Number, 500)
    .option("--corpus <file>", "qdispatch: real service requests (CSV) as the jobs")
    .option("--truth <file>", "qdispatch: entities as NDJSON")
    .addOption(
      new Option(
        "--limits <model>",
        "a destination as slow as published, or as fast as it can",
      ).choices(limitsModelName.options),
    )
    .option("--no-limits", "without rate limits and quotas: --limits off")
    .option("--quiet-start", "qdispatch: nothing changes while it is first read")
    .addOption(
      new Option("--realities <on|off>", "qdispatch: the nasty realities of real tenants")
        .choices(["on", "off"])
        .default("on"),
    )
    .option("--large-files", "qdispatch: one file in some thousand has 60 MB")
    .option("--bearer-files", "qdispatch: files are opened by a bearer token, not by a signature")
    .option("--no-property-definitions", "qdispatch: custom property definitions are a 404")
    .addOption(
      new Option(
        "--tier <edition>",
        "dataverse: professional refuses a sixteenth custom table",
      ).choices(["enterprise", "professional"]),
    )
    .option("--owned", "end when stdin closes")
    .action(async (name: string, options: Options) => {
      const simulator = await start(name, options);
      process.stdout.write(`${JSON.stringify(simulator.ready)}\n`);
      const end = (): void => {
        simulator.close().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      };
      process.once("SIGTERM", end);
      process.once("SIGINT", end);
      if (options.owned === true) process.stdin.resume().once("close", end);
    });
}

async function start(
  name: string,
  options: Options,
): Promise<{ ready: object; close(): Promise<void> }> {
  const shared = {
    httpPort: options.httpPort,
    httpsPort: options.httpsPort,
    folder: join(resolve(options.folder), name),
    seed: options.seed,
  };
  // Without the option a restart keeps the model it finds.
  const limits = limitsModelName
    .optional()
    .parse(options.limits === false ? "off" : options.limits);
  if (name === "salesforce") {
    const { startSalesforce } = await import("../simulators/salesforce/start.ts");
    return startSalesforce({ ...shared, ...(limits && { limits }) });
  }
  if (name === "dataverse") {
    const { startDataverse } = await import("../simulators/dataverse/start.ts");
    const { tier } = options;
    return startDataverse({ ...shared, ...(limits && { limits }), ...(tier && { tier }) });
  }
  if (name === "qdispatch") {
    const { startQDispatch } = await import("../simulators/qdispatch/start.ts");
    return startQDispatch({
      ...shared,
      limits: limits !== "off",
      size: options.size,
      quiet: options.quietStart === true,
      realities: options.realities === "on",
      propertyDefinitions: options.propertyDefinitions,
      bearerFiles: options.bearerFiles === true,
      ...(options.largeFiles === true ? { largeFiles: true } : {}),
      ...(options.corpus === undefined ? {} : { corpus: resolve(options.corpus) }),
      ...(options.truth === undefined ? {} : { truth: resolve(options.truth) }),
    });
  }
  throw new InvalidArgumentError(
    `There is no simulator "${name}": qdispatch, salesforce or dataverse.`,
  );
}
