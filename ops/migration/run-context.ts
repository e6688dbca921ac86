import type { ControlState } from "../../pipeline/core/control.ts";
import type { Plan } from "../../pipeline/core/plan.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import {
  type ControlFollower,
  type ControlWriter,
  followControl,
  openControlWriter,
} from "../../pipeline/kafka/control.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { connectionOf, type Migration } from "./migration-file.ts";

/** What a phase of the run works with. */
export interface RunContext {
  readonly migration: Migration;
  readonly plan: Plan;
  readonly run: number;
  readonly connection: KafkaConnection;
  /** A failure elsewhere that makes waiting useless. */
  readonly failure: () => Error | undefined;
  readonly writer: ControlWriter;
  /** The control log's fold as of now. */
  control(): Promise<ControlState>;
  /** In whose name the run speaks. */
  readonly saidBy: string;
  readonly progress: (line: string) => void;
  close(): Promise<void>;
}

/** Opens what the phases share. */
export async function openRun(options: {
  readonly migration: Migration;
  readonly plan: Plan;
  readonly run: number;
  readonly failure: () => Error | undefined;
  readonly saidBy: string;
  readonly progress: (line: string) => void;
}): Promise<RunContext> {
  const connection = connectionOf(options.migration, "run");
  const writer = await openControlWriter(connection, options.migration.name);
  const follower: ControlFollower = await followControl(connection, options.migration.name);
  return {
    ...options,
    connection,
    writer,
    async control() {
      await follower.catchUp();
      return follower.state;
    },
    async close() {
      await writer.close();
      await follower.close();
      await closeWatermarks();
    },
  };
}
