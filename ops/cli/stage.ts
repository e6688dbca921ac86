import { Command } from "commander";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { endInTime } from "../../pipeline/stage/drain-deadline.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics, serveMetrics } from "../../pipeline/stage/metrics.ts";
import type { Stage } from "../../pipeline/stage/stage.ts";
import { readMigration } from "../migration/migration-file.ts";
import { type StageName, stageNames } from "../migration/supervisor.ts";
import { exitCodeOf } from "./exit-codes.ts";
import type { StageParts } from "./stages/parts.ts";
import { runStage } from "./stages.ts";

/** `cutover stage NAME`: one process of a migration; the supervisor starts it. */
export function stageCommand(): Command {
  return new Command("stage")
    .description("one process of a migration (started by the supervisor)")
    .argument("<name>", stageNames.join(", "))
    .requiredOption("--migration <dir>", "migration folder")
    .option("--instance <n>", "which of several transformers", Number, 0)
    .action(async (name: StageName, options: { migration: string; instance: number }) => {
      const log = openLog(name);
      const stopping = new AbortController();
      const stop = (): void => stopping.abort();
      process.once("SIGTERM", stop);
      process.once("SIGINT", stop);
      process.stdin.resume().once("close", stop);
      const metrics = openMetrics();
      const stage: Stage = { log, metrics, stopping: stopping.signal };
      endInTime(stage);
      try {
        const { port } = await serveMetrics(metrics, 0);
        const migration = readMigration(options.migration);
        const ready: StageParts["ready"] = (facts) => {
          const said = { stage: name, metrics: `http://127.0.0.1:${port}/metrics`, ...facts };
          process.stdout.write(`${JSON.stringify(said)}\n`);
        };
        await runStage(name, { migration, stage, instance: options.instance, ready });
        log.info({ event: "stage_drained" });
        process.exit(0);
      } catch (error) {
        log.fatal(failure(error));
        process.exit(exitCodeOf(error));
      }
    });
}

/** What the log says of the end; the supervisor shows its message to a person. */
function failure(error: unknown): object {
  if (error instanceof CutoverError) {
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    return { event: "stage_failed", code: error.code, message: error.message, cause };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { event: "stage_failed", code: "UNEXPECTED", message, stack };
}
