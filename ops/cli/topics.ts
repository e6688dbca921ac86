import { Command } from "commander";
import { listTopics } from "../../pipeline/kafka/admin.ts";
import { connectionOf, readMigration } from "../migration/migration-file.ts";
import { applyMigrationTopics } from "../migration/topics.ts";
import { table } from "../migration/table.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder } from "./running.ts";

interface Options extends CommonOptions {
  readonly migration: string;
}

/** `cutover topics apply | list`. */
export function topicsCommand(): Command {
  const topics = new Command("topics").description("a migration's topics and schemas");
  topics.addCommand(
    withOptions(
      new Command("apply").description(
        "create what is missing, compare what is there, register the schemas; refuses to shrink",
      ),
    ).action(async (options: Options) => {
      const changes = await applyMigrationTopics(readMigration(options.migration));
      openOutput(options).result(changes, () =>
        table([
          ["topic", "change", "detail"],
          ...changes.map((change) => [change.topic, change.change, change.detail]),
        ]),
      );
    }),
  );
  topics.addCommand(
    withOptions(new Command("list").description("the migration's topics on the broker")).action(
      async (options: Options) => {
        const migration = readMigration(options.migration);
        const names = await listTopics(connectionOf(migration, "cli"), migration.name);
        openOutput(options).result(names, () => names.join("\n"));
      },
    ),
  );
  return topics;
}

function withOptions(command: Command): Command {
  return command
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--json", "answer as JSON");
}
