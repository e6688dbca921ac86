import { applyTopics, type TopicChange } from "../../pipeline/kafka/admin.ts";
import { allTopics, loadTopic } from "../../topics/index.ts";
import { compiledPlan } from "./compiled.ts";
import { connectionOf, type Migration } from "./migration-file.ts";

/** Creates or compares a migration's topics and registers every schema before anything is produced. */
export function applyMigrationTopics(migration: Migration): Promise<readonly TopicChange[]> {
  const { plan, schemas } = compiledPlan(migration);
  const objects = [...new Set(plan.objects.map((object) => object.object))];
  return applyTopics(connectionOf(migration, "topics"), allTopics(migration.name, objects), {
    partitions: migration.file.kafka.partitions,
    schemas: new Map(
      [...schemas].map(([object, schema]) => [loadTopic(migration.name, object).name, schema]),
    ),
  });
}
