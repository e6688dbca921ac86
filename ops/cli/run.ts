import { CommanderError, InvalidArgumentError } from "commander";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { program } from "./program.ts";

/** Runs one command line; an error becomes a message and an exit code. */
export async function run(line: readonly string[]): Promise<void> {
  try {
    const cutover = await program(line[2]);
    await cutover.parseAsync([...line]);
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      // Commander has said nothing of what a command itself found wrong.
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = exitCodes.usage;
    } else if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    } else {
      process.stderr.write(`cutover: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = exitCodeOf(error);
    }
  }
}
