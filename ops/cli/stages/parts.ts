import type { KafkaConnection } from "../../../pipeline/kafka/connection.ts";
import type { Stage } from "../../../pipeline/stage/stage.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { connectionOf, type Migration } from "../../migration/migration-file.ts";
import type { StageName } from "../../migration/supervisor.ts";

/** What a stage's process is given. */
export interface StageParts {
  readonly migration: Migration;
  readonly stage: Stage;
  /** Which of several transformers. */
  readonly instance: number;
  /** Says what others need to reach this process. */
  readonly ready: (facts: Readonly<Record<string, unknown>>) => void;
}

/** Who only reads gives way to the stages a record passes through; it catches up when they rest. */
export const yields = 10;

/** What every stage is told. */
export function shared(
  { migration, stage }: StageParts,
  name: StageName,
): {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly planHash: string;
} {
  return {
    stage,
    connection: connectionOf(migration, name),
    migration: migration.name,
    planHash: compiledPlan(migration).plan.hash,
  };
}
