import { randomUUID } from "node:crypto";
import { Command } from "commander";
import { openControlWriter } from "../../pipeline/kafka/control.ts";
import { ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { connectionOf } from "../migration/migration-file.ts";
import { type CommonOptions, openOutput } from "./output.ts";
import { rehearsalFolder, runningMigration } from "./running.ts";
import { rowsText } from "./sql.ts";

interface Options extends CommonOptions {
  readonly migration: string;
  readonly object?: string;
  readonly code?: string;
}

interface Letter extends Record<string, unknown> {
  readonly entity: string;
  readonly source_id: string;
}

/** `cutover dead-letters list | show | replay`: records no row could be made of, or that were refused. */
export function deadLettersCommand(): Command {
  const letters = new Command("dead-letters").description(
    "records no row could be made of, or that the destination refused",
  );
  letters.addCommand(
    withOptions(new Command("list").description("open letters")).action(
      async (options: Options) => {
        const found = await openLetters(options);
        openOutput(options).result(found, () => rowsText(found));
      },
    ),
  );
  letters.addCommand(
    withOptions(
      new Command("show")
        .description("one record's letter, and all that happened to it")
        .argument("<object>", "as the report names it, e.g. Case or opportunity")
        .argument("<key>", "source key, e.g. job-1001"),
    ).action(async (object: string, key: string, options: Options) => {
      const { ledgerUrl } = runningMigration(options.migration);
      const events = await ledgerClient(ledgerUrl).explain(object, key);
      openOutput(options).result(events, () => rowsText(events.map((event) => ({ ...event }))));
    }),
  );
  letters.addCommand(
    withOptions(
      new Command("replay").description(
        "order the records of open letters again, after mending the cause",
      ),
    ).action(async (options: Options) => {
      const orders = await replay(options, await openLetters(options));
      openOutput(options).result(
        { orders },
        () => `${orders.length} orders given: ${orders.join(", ")}`,
      );
    }),
  );
  return letters;
}

function withOptions(command: Command): Command {
  return command
    .option("--object <name>", "only of this object")
    .option("--code <code>", "only with this code")
    .option("--migration <dir>", "migration folder", rehearsalFolder)
    .option("--json", "answer as JSON");
}

async function openLetters({ migration, object, code }: Options): Promise<readonly Letter[]> {
  const { ledgerUrl } = runningMigration(migration);
  const letters = await ledgerClient(ledgerUrl).query<Letter>(
    "SELECT object, key, entity, source_id, code, field, message FROM dead_letter ORDER BY object, key",
  );
  return letters.filter(
    (letter) =>
      (object === undefined || letter["object"] === object) &&
      (code === undefined || letter["code"] === code),
  );
}

async function replay(options: Options, letters: readonly Letter[]): Promise<string[]> {
  const { migration } = runningMigration(options.migration);
  const writer = await openControlWriter(connectionOf(migration, "cli"), migration.name);
  const orders: string[] = [];
  for (const [entity, group] of Map.groupBy(letters, (letter) => letter.entity)) {
    const id = `replay-${randomUUID()}`;
    const ids = [...new Set(group.map((letter) => letter.source_id))];
    await writer.say("order", id, { entity, ids, why: "dead letter", repair: false }, "cli");
    orders.push(id);
  }
  await writer.close();
  return orders;
}
