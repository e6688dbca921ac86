import { Command } from "commander";
import { stackDown, stackStatus, stackUp } from "../stack/stack.ts";
import type { StackOptions } from "../stack/settings.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { type PortOptions, portsOf, withPorts } from "./stack-options.ts";

interface Options extends CommonOptions, PortOptions {
  readonly folder?: string;
}

/** `cutover stack up | down | status`. */
export function stackCommand(): Command {
  const stack = new Command("stack").description("the local Kafka and schema registry");
  stack.addCommand(
    withOptions(
      new Command("up").description("start what is not running; stays until `stack down`"),
    ).action(async (options: Options) => {
      const output = openOutput(options);
      const addresses = await stackUp({ ...stackOptions(options), onProgress: output.progress });
      output.result(
        addresses,
        () => `Kafka     ${addresses.brokers}\nRegistry  ${addresses.registry}`,
      );
    }),
  );
  stack.addCommand(
    withOptions(new Command("down").description("stop both; data stays")).action(
      async (options: Options) => {
        await stackDown(stackOptions(options));
        openOutput(options).result({ stopped: true }, () => "stopped");
      },
    ),
  );
  stack.addCommand(
    withOptions(new Command("status").description("what is running")).action(
      async (options: Options) => {
        const status = await stackStatus(stackOptions(options));
        openOutput(options).result(status, () => JSON.stringify(status, null, 2));
      },
    ),
  );
  return stack;
}

function withOptions(command: Command): Command {
  return withPorts(command.option("--folder <dir>", "data, logs and pid files"))
    .option("--json", "answer as JSON")
    .option("--quiet", "no progress");
}

function stackOptions(options: Options): StackOptions {
  return {
    ...portsOf(options),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
  };
}
