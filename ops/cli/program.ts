import { Command } from "commander";

/** Every command by its name, with the module it is loaded from. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  rehearse: async () => (await import("./rehearse.ts")).rehearseCommand(),
  repair: async () => (await import("./repair.ts")).repairCommand(),
  stack: async () => (await import("./stack.ts")).stackCommand(),
  simulators: async () => (await import("./simulators.ts")).simulatorsCommand(),
  topics: async () => (await import("./topics.ts")).topicsCommand(),
  schema: async () => (await import("./schema.ts")).schemaCommand(),
  status: async () => (await import("./status.ts")).statusCommand(),
  sql: async () => (await import("./sql.ts")).sqlCommand(),
  "dead-letters": async () => (await import("./dead-letters.ts")).deadLettersCommand(),
  explain: async () => (await import("./explain.ts")).explainCommand(),
  export: async () => (await import("./export.ts")).exportCommand(),
  stage: async () => (await import("./stage.ts")).stageCommand(),
};

/** The command line with the one command that is named first, or with all where none is. */
export async function program(named: string | undefined): Promise<Command> {
  const cutover = new Command("cutover")
    .description("Moves a living Q Dispatch tenant into a CRM and proves what arrived.")
    .showHelpAfterError("(run with --help to see what it takes)")
    .showSuggestionAfterError(true)
    .exitOverride();
  const one = Object.entries(commands).filter(([name]) => name === named);
  const wanted = one.length > 0 ? one : Object.entries(commands);
  for (const command of await Promise.all(wanted.map(([, load]) => load()))) {
    command.exitOverride().copyInheritedSettings(cutover);
    cutover.addCommand(command, { hidden: command.name() === "stage" });
  }
  cutover.addHelpText(
    "after",
    "\nExit codes: 0 ok · 1 unexpected · 2 usage or configuration · 3 preflight or gate · 4 finished with\nrefusals over the ceiling · 5 not reconciled · 6 throttled · 7 fenced · 130/143 signals",
  );
  return cutover;
}
