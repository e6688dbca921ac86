import { Command, InvalidArgumentError, Option } from "commander";
import { printReady } from "../server/ready.ts";
import { type QDispatchOptions, startQDispatch } from "./start.ts";

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError(`${text} is not a whole number.`);
  return value;
};

const command = new Command("qdispatch")
  .description("A local Q Dispatch tenant; prints one JSON line when it answers.")
  .requiredOption("--folder <path>", "where the truth is kept")
  .option("--size <customers>", "generated customers", whole, 50)
  .option("--seed <number>", "seed of every generated value", whole, 1)
  .option("--http-port <port>", "0 takes any free port", whole, 0)
  .option("--https-port <port>", "0 takes any free port", whole, 0)
  .option("--corpus <file>", "CSV of real service requests, taken as the jobs")
  .option("--truth <file>", "NDJSON of canonical entities")
  .option("--start-at <time>", "ISO time the clock starts at")
  .option("--no-limits", "no rate-limit windows")
  .addOption(
    new Option("--realities <on|off>", "nasty realities of real tenants")
      .choices(["on", "off"])
      .default("on"),
  )
  .option("--large-files", "one file in some thousand has 60 MB")
  .option("--bearer-files", "addresses of files are not signed: a bearer token opens them")
  .option("--no-property-definitions", "the custom property definitions are a 404")
  .option("--quiet", "no changes during the first full read")
  .parse();

const options = command.opts<Omit<QDispatchOptions, "realities"> & { realities: "on" | "off" }>();
try {
  const simulator = await startQDispatch({ ...options, realities: options.realities === "on" });
  printReady(simulator.ready);
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once("SIGTERM", stop).once("SIGINT", stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
