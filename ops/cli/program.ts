import { Command } from "commander";
import { deadLettersCommand } from "./dead-letters.ts";
import { explainCommand } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { rehearseCommand } from "./rehearse.ts";
import { repairCommand } from "./repair.ts";
import { schemaCommand } from "./schema.ts";
import { simulatorsCommand } from "./simulators.ts";
import { sqlCommand } from "./sql.ts";
import { stackCommand } from "./stack.ts";
import { stageCommand } from "./stage.ts";
import { statusCommand } from "./status.ts";
import { topicsCommand } from "./topics.ts";

/** The whole command line. */
export function program(): Command {
  const cutover = new Command("cutover")
    .description("Moves a living Q Dispatch tenant into a CRM and proves what arrived.")
    .showHelpAfterError("(run with --help to see what it takes)")
    .showSuggestionAfterError(true)
    .exitOverride();
  const commands = [
    rehearseCommand(),
    repairCommand(),
    stackCommand(),
    simulatorsCommand(),
    topicsCommand(),
    schemaCommand(),
    statusCommand(),
    sqlCommand(),
    deadLettersCommand(),
    explainCommand(),
    exportCommand(),
    stageCommand(),
  ];
  for (const command of commands) {
    command.exitOverride().copyInheritedSettings(cutover);
    cutover.addCommand(command, { hidden: command.name() === "stage" });
  }
  cutover.addHelpText(
    "after",
    "\nExit codes: 0 ok · 1 unexpected · 2 usage or configuration · 3 preflight or gate · 4 finished with\nrefusals over the ceiling · 5 not reconciled · 6 throttled · 7 fenced · 130/143 signals",
  );
  return cutover;
}
