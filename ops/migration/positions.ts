import { groupPositions, highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { loadTopic, sourceTopic } from "../../topics/index.ts";
import type { RunContext } from "./run-context.ts";
import { until } from "./until.ts";

/** Ends of topics, per partition. */
export type Ends = ReadonlyMap<string, readonly number[]>;

/** Source topics that feed these objects. */
export function sourceTopicsOf(context: RunContext, objects: readonly string[]): string[] {
  const entities = context.plan.objects
    .filter((object) => objects.includes(object.object))
    .map((object) => object.entity);
  return [...new Set(entities)].map((entity) => sourceTopic(context.migration.name, entity).name);
}

/** Load topics of these objects. */
export function loadTopicsOf(context: RunContext, objects: readonly string[]): string[] {
  return objects.map((object) => loadTopic(context.migration.name, object).name);
}

/** Where the topics end now, read uncommitted. */
export function endsOf(context: RunContext, topics: readonly string[]): Promise<Ends> {
  return highWatermarks(context.connection, topics);
}

/** Waits until a stage's committed positions have passed the ends; resolves with nothing behind. */
export async function passed(
  context: RunContext,
  stage: "transform" | "loader",
  ends: Ends,
  timeoutMs: number,
): Promise<void> {
  const group =
    stage === "loader"
      ? `${context.migration.name}.loader`
      : `${context.migration.name}.transform.r${context.run}`;
  const topics = [...ends.keys()];
  let behind = 0;
  await until(
    async () => {
      const positions = await groupPositions(context.connection, group, topics);
      behind = distance(positions, ends);
      return behind === 0;
    },
    {
      get what() {
        return `${stage} is ${behind} offsets behind`;
      },
      timeoutMs,
      failure: context.failure,
    },
  );
}

/** How many offsets positions are short of the ends. */
export function distance(positions: Ends, ends: Ends): number {
  let sum = 0;
  for (const [topic, partitions] of ends) {
    for (const [partition, end] of partitions.entries()) {
      sum += Math.max(0, end - (positions.get(topic)?.[partition] ?? 0));
    }
  }
  return sum;
}
